"""A page's sheets and scripts joined: each bundle is complete, named by its content, and kept for ever."""

import re
from pathlib import Path

import pytest

from portal.web.formatting import bundles
from tests import make

STATIC = Path(__file__).parents[3] / "static"
TEMPLATES = Path(__file__).parents[3] / "templates"
TWO = {
    "sum": '/** Adds. */\nimport { one } from "./one.js";\n\n  // Aside.\n'
    "export function sum() {\n  return one() + 1; // Two.\n}\n",
    "one": "const it = 1;\nexport function one() {\n  return it;\n}\n",
}


def test_modules_become_functions_in_the_order_in_which_they_are_needed():
    assert bundles.join(TWO, "sum") == (
        "const from_one = (() => {\nconst it = 1;\nfunction one() {\nreturn it;\n}\nreturn { one };\n})();\n"
        "const from_sum = (() => {\nconst { one } = from_one;\nfunction sum() {\nreturn one() + 1; // Two.\n}\n"
        "return { sum };\n})();\n"
    )


def test_what_is_written_for_the_type_checker_costs_nothing_on_the_wire():
    source = (
        '/** @import { One } from "./one.js" */\n\n/**\n * Adds. @param {One} one\n */\nfunction add(one) {\n'
        "  /** @type {Map<string, One>} by name */\n  const all = new Map();\n"
        "  return /** @type {One} */ (all.get((/** @type {string} */ one) => `${one}`));\n}\n"
    )
    assert bundles.join({"a": source}, "a") == (
        "const from_a = (() => {\nfunction add(one) {\nconst all = new Map();\nreturn (all.get((one) => `${one}`));\n"
        "}\nreturn {  };\n})();\n"
    )


def test_a_module_that_two_others_import_is_there_once():
    modules = {"a": 'import { b } from "./b.js";\nimport { c } from "./c.js";\n', "c": "export class c {}\n"}
    modules["b"] = 'import { c } from "./c.js";\nexport async function b() {}\n'
    joined = bundles.join(modules, "a")
    assert re.findall(r"const from_(\w+)", joined) == ["c", "b", "a"]


@pytest.mark.parametrize(
    "source",
    [
        'import one from "./one.js";',
        'import "./one.js";',
        "export const two = 2;",
        "export default 2;",
        "const a = `\n`;",
    ],
)
def test_what_cannot_be_joined_is_refused(source):
    with pytest.raises(ValueError, match="cannot be joined"):
        bundles.join({**TWO, "new": source}, "new")


def test_modules_that_import_each_other_are_refused():
    circle = {"a": 'import { b } from "./b.js";\n', "b": 'import { a } from "./a.js";\n'}
    with pytest.raises(ValueError, match="a imports b imports a"):
        bundles.join(circle, "a")


def named(pattern: str) -> set[str]:
    return {name for path in TEMPLATES.rglob("*.html") for name in re.findall(pattern, path.read_text())}


def test_every_script_and_sheet_of_the_pages_can_be_had(client):
    scripts, sheets = named(r"script\('(\w+)'\)"), named(r"sheet\('(\w+)'\)")
    assert len(scripts) > 5
    assert sheets == set(bundles.SHEETS)
    for name in [f"{one}.js" for one in scripts] + [f"{one}.css" for one in sheets]:
        answer = client.get(f"/bundle/{name}")
        assert answer.status_code == 200
        assert answer.mimetype == ("text/css" if name.endswith("css") else "text/javascript")
        assert "import " not in answer.text
        assert "/**" not in answer.text
        assert "@type" not in answer.text


def test_no_sheet_and_no_module_is_forgotten(app):
    parts = {one for sheets in bundles.SHEETS.values() for one in sheets}
    assert parts == {path.relative_to(STATIC / "css").with_suffix("").as_posix() for path in STATIC.rglob("*.css")}
    with app.test_request_context():
        first = {*named(r"script\('(\w+)'\)"), bundles.OFFLINE_WORKER.removesuffix(".js")}
        joined = "".join(str(bundles.content_of(f"{one}.js")) for one in first)
    forgotten = {path.stem for path in (STATIC / "js").glob("*.js") if f"const from_{path.stem} =" not in joined}
    assert not forgotten


@pytest.mark.parametrize("name", ["none.css", "none.js", "learner", "..%2Fapp.js", "learner.js.css"])
def test_other_names_stand_for_nothing(client, name):
    assert client.get(f"/bundle/{name}").status_code == 404


def test_a_page_names_them_by_their_content_and_they_are_kept_for_ever(client, sign_in):
    sign_in(make.user())
    page = client.get("/me/exams/").text
    address = re.search(r'href="(/bundle/learner\.css\?v=\w{12})"', page)[1]
    assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/bundle/learner.css?v=old").headers["Cache-Control"] == "no-cache"


def test_the_joined_file_is_new_as_soon_as_a_part_is_while_developing(tmp_path):
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("go();\n")
    assert "go();" in bundles._joined("a.js", tmp_path, 1)
    (tmp_path / "js" / "a.js").write_text("stop();\n")
    assert "stop();" in bundles._joined("a.js", tmp_path, 2)


def test_only_the_offline_worker_may_stand_before_the_pages_of_attempts(client):
    allowed = "Service-Worker-Allowed"
    assert client.get(f"/bundle/{bundles.OFFLINE_WORKER}").headers[allowed] == "/attempts/"
    assert allowed not in client.get("/bundle/exam.js").headers
