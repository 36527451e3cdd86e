"""How people write numbers: read as they mean them, or not at all, and in no time."""

import time
from decimal import Decimal

import pytest

from portal.domain.text import numbers

READ = [
    ("9.81", "9.81"),
    ("9,81", "9.81"),
    (" 1 000,5 ", "1000.5"),
    ("\u22123", "-3"),
    ("1e3", "1000"),
    ("1.000,5", "1000.5"),
    ("1,000.5", "1000.5"),
    ("1,000,000", "1000000"),
    ("1.000.000", "1000000"),
    ("1,00,000", "100000"),
    ("1'000", "1000"),
    ("1\u2019000.5", "1000.5"),
    ("1\u202f000", "1000"),
    ("1_000", "1000"),
    ("3.141 592 653 5", "3.1415926535"),
    ("1,000", "1"),
    ("1.000", "1"),
    ("0,123", "0.123"),
    ("1/2", "0.5"),
    ("2^10", "1024"),
    ("3*10^8", "300000000"),
    ("3\u00d710\u2078", "300000000"),
    ("10\u207b\u00b3", "0.001"),
    ("5%", "0.05"),
    ("5 %", "0.05"),
    ("1.5k", "1500"),
    ("(1,5+2)*2", "7"),
    ("sqrt(4)", "2"),
    ("\u0663\u066b\u0665", "3.5"),
    ("5\u200b", "5"),
    (",5", "0.5"),
    ("5.", "5"),
]
UNREAD = [
    "", " ", "nan", "inf", "Infinity", "ten", "1 2", "12 34", "1 1/2", "1 000 00", "12,345,67", "1,2,3", "1..2", "5 m",
    "2pi", "0x10", "1/0", "0^-1", "0^0", "sqrt(-1)", "9^9^9^9", "1e1000000", "-1e1000000", "1E+999999999", "1e-1000000",
    "1e400000000", "1e61", "9" * 101, "(" * 99, "12:30", "5:3", "\u00bd", "__import__('os')", "1 if 1 else 2", "\x00",
    "\ud800", "1or 2", "1.0000001^1e50",
]  # fmt: skip


@pytest.mark.parametrize(("text", "number"), READ)
def test_numbers_are_read_as_people_write_them(text, number):
    reading = numbers.read(text)
    assert reading is not None and reading.number == Decimal(number)


@pytest.mark.parametrize("text", UNREAD, ids=ascii)
def test_what_is_no_number_is_never_read_as_one_and_takes_no_time(text):
    began = time.perf_counter()
    assert numbers.read(text) is None
    assert time.perf_counter() - began < 0.1


@pytest.mark.parametrize(
    ("text", "is_doubtful"),
    [("1,000", True), ("12,345", True), ("-1,000", True), ("1,000%", True), ("1,0000", False), ("0,123", False),
     ("1,000.5", False), ("1,000,000", False), ("1.000", False), ("1 000", False)],
)  # fmt: skip
def test_one_thousand_to_some_and_one_to_others_is_doubtful(text, is_doubtful):
    assert numbers.read(text).is_doubtful is is_doubtful


@pytest.mark.parametrize(
    ("text", "is_obvious"),
    [("5", True), ("-9.81", True), ("9,81", False), ("1.000", False), ("1/3", False), ("5%", False), ("1e3", False)],
)
def test_only_plain_digits_need_no_word(text, is_obvious):
    assert numbers.read(text).is_obvious is is_obvious


@pytest.mark.parametrize(
    ("text", "shown"),
    [("1/3", "0.3333"), ("200/3", "66.6667"), ("1,23456789", "1.23456789"), ("1,000", "1"), ("1e-7/3", "3.333E-8")],
)
def test_a_reading_is_shown_short(text, shown):
    assert numbers.shown(numbers.read(text).number) == Decimal(shown)


#: For forms, addresses and settings: as typed, as a whole number, as an amount, and as a place in a list.
TYPED = [
    ("15", 15, "15", 15),
    (" -15 ", -15, "-15", -15),
    ("\u221215", -15, "-15", -15),
    ("\u0661\u0665", 15, "15", 15),
    ("1,5", None, "1.5", None),
    ("1.5", None, "1.5", None),
    ("1e3", None, None, None),
    ("1e400000000", None, None, None),
    ("9" * 10, None, None, 999_999_999),
    ("-" + "9" * 5000, None, None, -999_999_999),
    ("0.1234567", None, None, None),
    ("nan", None, None, None),
    ("0x10", None, None, None),
    ("1_0", None, None, None),
    ("1 000", None, None, None),
    ("", None, None, None),
    ("\x00", None, None, None),
    ("\ud800", None, None, None),
]


@pytest.mark.parametrize(("text", "whole", "amount", "nearest"), TYPED, ids=lambda value: ascii(value)[:20])
def test_a_number_of_a_form_is_short_or_refused(text, whole, amount, nearest):
    assert tried(numbers.whole, text) == whole
    assert tried(numbers.amount, text) == (None if amount is None else Decimal(amount))
    assert tried(numbers.nearest_whole, text) == nearest


def tried(read, text):
    try:
        return read(text)
    except ValueError:
        return None
