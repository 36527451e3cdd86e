"""Units behind fields, tables, pictures within the text, and that whatever has no effect is listed with its place."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from portal.domain.courses.versions import content_of
from portal.sources.olx.export.limits import Limits

if TYPE_CHECKING:
    from tests.sources.conftest import Export

NUMBER = "<numericalresponse answer='1'>{inside}</numericalresponse>"
GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"


def _notes(export: Export) -> dict[str, tuple[str, ...]]:
    return {note.what: note.places for note in export.exam().not_honoured}


@pytest.mark.parametrize(
    ("field", "unit", "stored"),
    [
        ("<formulaequationinput trailing_text='kg'/>", "kg", "kg"),
        ("<textline trailing_text='  m &lt; s  '/>", "m &lt; s", "m &lt; s"),
        ("<textline trailing_text='&lt;b onclick=&quot;x()&quot;&gt;N'/>", '&lt;b onclick="x()"&gt;N', None),
        ("<textline/>", "", None),
    ],
)
def test_what_stands_behind_the_field(export: Export, field: str, unit: str, stored: str | None) -> None:
    (question,) = export.questions(f"<problem>{NUMBER.format(inside=field)}</problem>")
    assert question.unit == unit
    [kept] = content_of(export.exam()).questions
    assert "<b" not in kept.get("unit_html", "")
    if stored:
        assert kept["unit_html"] == stored
    assert not _notes(export)


@pytest.mark.parametrize("written", [r"\(\%\)", "[mathjaxinline]m^2[/mathjaxinline]"])
def test_a_formula_behind_the_field_is_drawn(export: Export, written: str) -> None:
    field = f"<formulaequationinput trailing_text='{written}'/>"
    export.questions(f"<problem>{NUMBER.format(inside=field)}</problem>")
    [kept] = content_of(export.exam()).questions
    assert kept["unit_html"].startswith("<math ")


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (f"data:image/png;base64,{GIF}", "image/gif"),
        (f" data:;base64,{GIF[:20]}%0A{GIF[20:]}", "image/gif"),
        ("data:image/svg+xml," + SVG.replace("<", "%3C").replace(">", "%3E").replace("'", "%22"), "image/svg+xml"),
        ("data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode(), "image/png"),
        ("data:image/webp;base64," + base64.b64encode(b"RIFF\0\0\0\0WEBPrest").decode(), "image/webp"),
        ("data:image/jpeg;base64," + base64.b64encode(b"\xff\xd8\xff\xe0rest").decode(), "image/jpeg"),
    ],
)
def test_a_picture_within_the_text_is_an_asset(export: Export, address: str, kind: str) -> None:
    picture = f'<img alt="A dot" src="{address}"/>'
    (question,) = export.questions(f"<problem><p>{picture}{picture}</p>{NUMBER.format(inside='')}</problem>")
    assert question.problem is None
    (asset,) = export.exam().assets
    assert asset.media_type == kind
    assert question.text_html.count(f'src="asset:{asset.name}"') == 2


@pytest.mark.parametrize(
    "address",
    [
        "data:image/png;base64,AAAA",
        "data:image/png;base64,not base64!",
        "data:text/html;base64," + base64.b64encode(b"<script>x()</script>").decode(),
        "data:",
        "data:image/svg+xml,%3Csvg%3E",
    ],
)
def test_what_is_no_picture_is_not_shown(export: Export, address: str) -> None:
    (question,) = export.questions(
        f'<problem><p><img alt="?" src="{address}"/></p>{NUMBER.format(inside="")}</problem>'
    )
    reason = "picture written into the text cannot be used: not an image, or too large"
    assert question.problem == reason
    assert export.exam().assets == ()


def test_a_picture_within_the_text_has_the_size_of_any_other(export: Export) -> None:
    export.questions(f'<problem><img src="data:image/gif;base64,{GIF}"/>{NUMBER.format(inside="")}</problem>')
    (exam,) = export.read(Limits(asset_bytes=40)).exams
    assert (exam.assets, exam.questions[0].problem is None) == ((), False)


def test_a_picture_within_a_page_is_an_asset(export: Export) -> None:
    export.outline('<html url_name="h"/>')
    export.write("html/h.html", f'<img src="data:image/gif;base64,{GIF}">')
    exam = export.exam()
    assert f'src="asset:{exam.assets[0].name}"' in exam.materials_html


TABLE = (
    "<table><caption>Prices</caption><colgroup><col/></colgroup><thead><tr><th scope='col' colspan='2'>Thing</th>"
    "<th>Price</th></tr></thead><tbody><tr><th scope='row'>Tea</th><td>warm</td><td>{gap}</td></tr>"
    "<tr><th>Ice</th><td>cold</td><td>{gap}</td></tr></tbody></table>"
)


def test_tables_keep_their_caption_and_heads(export: Export) -> None:
    export.questions(f"<problem>{TABLE.format(gap='2')}{NUMBER.format(inside='')}</problem>")
    [kept] = content_of(export.exam()).questions
    for part in ("<caption>Prices</caption>", '<th scope="col" colspan="2">Thing</th>', '<th scope="row">Tea</th>'):
        assert part in kept["text_html"]


@pytest.mark.parametrize(
    ("table", "titles"),
    [
        (TABLE.format(gap="{gap}"), ["P (1) Tea: Price", "P (2) Ice: Price"]),
        (
            "<table><tr><td><b>Fruit</b></td><td>Colour</td></tr><tr><td>Plum</td><td>{gap}</td></tr>"
            "<tr><td>Pear</td><td>{gap}</td></tr></table>",
            ["P (1) Plum: Colour", "P (2) Pear: Colour"],
        ),
        (
            "<table><tr><td>{gap}</td><td>is sour</td></tr><tr><td>{gap}</td><td>is sweet</td></tr></table>",
            ["P (1) is sour", "P (2) is sweet"],
        ),
        ("<ul><li>One {gap}</li><li>Two {gap}</li></ul>", ["P (1)", "P (2)"]),
    ],
)
def test_lists_of_one_table_have_names_that_tell_them_apart(export: Export, table: str, titles: list[str]) -> None:
    gap = "<optionresponse><optioninput options=\"('x','y')\" correct='x'/></optionresponse>"
    questions = export.questions(f"<problem display_name='P'>{table.replace('{gap}', gap)}</problem>")
    assert [question.title for question in questions] == titles


def test_every_attribute_and_element_without_effect_is_listed_with_its_place(export: Export) -> None:
    export.questions(
        "<problem display_name='P' max_attempts='1' showanswer='always' rerandomize='always' weight='1'"
        " graceperiod='1 day' due='2031-01-01' odd='1' markdown='null'><p class='big' onclick='x()'>Q</p>"
        "<font>f</font><sculpture/>"
        "<multiplechoiceresponse><choicegroup shuffle='true' answer-pool='4' type='MultipleChoice'>"
        "<choice correct='true' fixed='true'>a<choicehint>h</choicehint></choice><choice correct='false'>b</choice>"
        "</choicegroup><solution>s</solution></multiplechoiceresponse><demandhint><hint>h</hint></demandhint>"
        "<a href='/jump_to_id/x'>there</a><a href='http://x.example/a.docx'>doc</a></problem>"
    )
    listed = " ".join(_notes(export))
    for what in (
        "max_attempts", "showanswer", "rerandomize", "graceperiod", "due", "odd", "class", "onclick", "<font>",
        "<sculpture>", "shuffle", "answer-pool", "<choicehint>", "<solution>", "<demandhint>",
        "link into the course's own pages", "link to a.docx",
    ):  # fmt: skip
        assert what in listed, what
    assert "markdown" not in listed and "weight" not in listed
    assert set(_notes(export).values()) == {("P",)}


@pytest.mark.parametrize(
    ("file", "xml", "what", "place"),
    [
        ("course/run.xml", "<course self_paced='true'><chapter url_name='ch'/></course>", "self_paced", "the course"),
        ("course/run.xml", "<course tabs='[1]' odd='1'><chapter url_name='ch'/></course>", "odd, tabs", "the course"),
        (
            "chapter/ch.xml",
            "<chapter display_name='C' hide_from_toc='true'><sequential url_name='exam'/></chapter>",
            "hide_from_toc",
            "the chapter C",
        ),
        ("vertical/unit.xml", "<vertical display_name='U' due='2031-01-01'/>", "due", "U"),
    ],
)
def test_what_stands_around_a_problem_is_listed_too(export: Export, file: str, xml: str, what: str, place: str) -> None:
    export.write(file, xml)
    course = export.read()
    assert (what, (place,)) in {
        (note.what, note.places) for note in (*course.not_honoured, *course.exams[0].not_honoured)
    }


@pytest.mark.parametrize(
    "says", ["max_attempts=''", "max_attempts='null'", "rerandomize='never'", "odd='false'", "odd='{}'"]
)
def test_what_says_nothing_is_not_listed(export: Export, says: str) -> None:
    export.questions(f"<problem {says}>{NUMBER.format(inside='')}</problem>")
    assert _notes(export) == {}


def test_a_question_that_is_not_shown_is_not_listed_twice(export: Export) -> None:
    export.questions("<problem max_attempts='1'><customresponse><sculpture/></customresponse></problem>")
    assert _notes(export) == {}
