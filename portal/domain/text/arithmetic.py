"""Works out the simple arithmetic in which people write numbers, such as 3/4, 2^10 or 5%, in bounded time."""

import ast
import operator
import re
from collections.abc import Callable
from decimal import (
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    Underflow,
    localcontext,
)

LONGEST = 100
#: Nobody measures beyond 1e60 or below 1e-60; what leaves these bounds is no number here, and quickly so.
CONTEXT = Context(prec=28, Emax=60, Emin=-60, traps=[InvalidOperation, DivisionByZero, Overflow, Underflow])
CONSTANTS = {"pi": Decimal("3.141592653589793238462643383"), "e": Decimal("2.718281828459045235360287471")}
SUFFIXES = {"%": "0.01", "k": "1000", "M": "1000000", "G": "1000000000", "m": "0.001", "u": "0.000001"}
OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
SUFFIXED = re.compile(r"(\d+\.?\d*|\.\d+)([%kMGmu])(?![A-Za-z0-9])", re.ASCII)
#: Every letter and sign that arithmetic has; the parser sees nothing else.
ALPHABET = re.compile(r"(?:[\d.+\-*/^() eE%kMGmu\t]|pi|sqrt)+", re.ASCII)


class NotANumber(Exception):
    """The text is no arithmetic that we know, or leads beyond what anybody measures."""


def evaluated(written: str) -> Decimal:
    """The number that the text stands for.

    :raises NotANumber: it stands for none, divides by zero, or is beyond 1e60.
    """
    expression = written.strip()
    if len(expression) > LONGEST or not ALPHABET.fullmatch(expression):
        raise NotANumber(expression)
    try:
        with localcontext(CONTEXT):
            number = +Decimal(expression) if PLAIN.fullmatch(expression) else _calculated(expression)
    except (SyntaxError, ValueError, DecimalException, RecursionError, MemoryError) as error:
        raise NotANumber(expression) from error
    if not number.is_finite():
        raise NotANumber(expression)  # 0^-1 is infinite without anybody saying so.
    return number


def _calculated(expression: str) -> Decimal:
    suffixed = SUFFIXED.sub(lambda match: f"({match[1]}*{SUFFIXES[match[2]]})", expression)
    python = suffixed.replace("^", "**")
    return _worked_out(ast.parse(python, mode="eval").body, python)


def _worked_out(node: ast.expr, source: str) -> Decimal:
    match node:
        case ast.Constant(value=int() | float()):
            return +Decimal(ast.get_source_segment(source, node) or "")
        case ast.Name(id=name) if name in CONSTANTS:
            return CONSTANTS[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_worked_out(operand, source)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _worked_out(operand, source)
        case ast.BinOp(left=left, op=kind, right=right) if type(kind) in OPERATIONS:
            return OPERATIONS[type(kind)](_worked_out(left, source), _worked_out(right, source))
        case ast.Call(func=ast.Name(id="sqrt"), args=[operand], keywords=[]):
            return _worked_out(operand, source).sqrt()
    raise NotANumber(source)
