"""Joins a page's sheets and scripts into one file each as they are asked for: few requests, and no build step."""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, url_for
from markupsafe import Markup

bp = Blueprint("bundles", __name__)

_EVERYWHERE = (
    "layers", "reset", "tokens", "base", "layout", "components/page", "components/button", "components/state",
    "components/message", "components/facts", "components/form", "components/menu", "components/rule",
    "components/task", "components/table",
)  # fmt: skip
#: audience -> its sheets under static/css, in their order.
SHEETS = {
    "learner": (*_EVERYWHERE, "components/exam", "utilities"),
    "staff": (
        *_EVERYWHERE, "components/picture", "components/team", "components/review", "components/review-queue",
        "utilities",
    ),
}  # fmt: skip
#: Stands between the pages of one attempt and the line; a script elsewhere may not.
OFFLINE_WORKER = "offline_worker.js"
IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./(\w+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async function|function|class) (\w+))", re.MULTILINE)
#: The type of a value, in the midst of a line.
_SCRIPT_TYPE = re.compile(r"/\*\* @type (?:(?!\*/).)*\*/ ?", re.DOTALL)
#: Whole lines of comment, and the blanks before a line.
_SCRIPT_COMMENT = re.compile(r"^\s*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*$", re.MULTILINE | re.DOTALL)
_SHEET_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANK = re.compile(r"^\s+", re.MULTILINE)
_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


@bp.get("/bundle/<name>")
def bundle(name: str) -> Response:
    """A sheet by its audience (``learner.css``) or a script by its first module (``exam.js``), each joined whole."""
    content = content_of(name)
    if content is None:
        abort(404)
    answer = Response(content, content_type=_TYPES[name.rpartition(".")[2]])
    if name == OFFLINE_WORKER:
        answer.headers["Service-Worker-Allowed"] = "/attempts/"
    return answer


@bp.app_template_global()
def sheet(audience: str) -> Markup:
    """The link to the one sheet of ``learner`` or ``staff``."""
    return Markup('<link rel="stylesheet" href="{}">').format(url_for("bundles.bundle", name=f"{audience}.css"))


@bp.app_template_global()
def script(name: str) -> Markup:
    """The element for the script that begins with the module ``name``."""
    return Markup('<script type="module" src="{}"></script>').format(url_for("bundles.bundle", name=f"{name}.js"))


def content_of(name: str) -> str | None:
    """The joined file; None for a name that stands for nothing. While developing, it is as its parts are now."""
    static = Path(str(current_app.static_folder))
    return _joined(name, static, _changed_at(static) if current_app.debug else 0)


def version_of(name: str) -> str | None:
    """A short hash of what :func:`content_of` gives; None for a name that stands for nothing."""
    content = content_of(name)
    return None if content is None else _hash(content)


def _changed_at(static: Path) -> int:
    return max(path.stat().st_mtime_ns for path in static.rglob("*.*s"))


@lru_cache(maxsize=64)
def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:12]


@lru_cache(maxsize=64)
def _joined(name: str, static: Path, changed_at: int) -> str | None:
    stem, _, kind = name.rpartition(".")
    if kind == "css" and stem in SHEETS:
        sheets = [(static / "css" / f"{one}.css").read_text() for one in SHEETS[stem]]
        return "".join(squeezed(_SHEET_COMMENT.sub("", one)) for one in sheets)
    modules = {path.stem: path.read_text() for path in (static / "js").glob("*.js")}
    return join(modules, stem) if kind == "js" and stem in modules else None


def join(modules: dict[str, str], first: str) -> str:
    """One script that does what the module ``first`` does with all that it imports.

    Each module becomes a function of its own, so that no name of one meets a name of another; a module comes after
    those that it imports.

    :raises ValueError: a module uses a form of import or export that this does not know, or they go in a circle.
    """
    return "".join(_as_function(name, modules[name]) for name in _in_order(modules, first, ()))


def _in_order(modules: dict[str, str], name: str, above: tuple[str, ...]) -> Iterator[str]:
    if name in above:
        raise ValueError(f"{' imports '.join((*above, name))}: modules in a circle cannot be joined")
    seen: dict[str, None] = {}
    for _, other in IMPORT.findall(modules[name]):
        seen.update(dict.fromkeys(_in_order(modules, other, (*above, name))))
    yield from seen
    yield name


def _as_function(name: str, source: str) -> str:
    given = ", ".join(EXPORT.findall(source))
    taken = IMPORT.sub(lambda found: f"const {{ {found[1]} }} = from_{found[2]};", source)
    body = EXPORT.sub("", taken)
    if strange := re.search(r"^\s*(?:import\b|export\b).*$", body, re.MULTILINE):
        raise ValueError(f"{name}.js: cannot be joined: {strange[0]}")
    if "from_" in source or any(line.count("`") % 2 for line in source.splitlines()):
        raise ValueError(f"{name}.js: a text over several lines, or a name that begins with from_, cannot be joined")
    bare = squeezed(_SCRIPT_COMMENT.sub("", _SCRIPT_TYPE.sub("", body)))
    return f"const from_{name} = (() => {{\n{bare}return {{ {given} }};\n}})();\n"


def squeezed(text: str) -> str:
    """Without the blanks before a line and without empty lines."""
    return _BLANK.sub("", text).strip() + "\n"
