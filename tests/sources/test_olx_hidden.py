"""What an author hides in a text is dropped and listed, however it was hidden; what only looks so is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.sources.olx.hidden import is_hidden, sheet

if TYPE_CHECKING:
    from tests.sources.conftest import Export

NUMBER = "<numericalresponse answer='1'/>"
HIDDEN = [
    "style='display:none'",
    "style='DISPLAY : None !important'",
    "style='color: red; display: none;'",
    "style='display:/* not */none'",
    r"style='d\69splay:none'",
    "style='display:block;display:none'",
    "style='visibility:hidden'",
    "style='visibility: collapse'",
    "style='opacity:0'",
    "style='opacity: 0.0'",
    "style='font-size:0px'",
    "style='content-visibility:hidden'",
    "hidden='hidden'",
    "hidden=''",
    "hidden='until-found'",
    "class='extra secret'",
    "id='key'",
]
SHOWN = [
    "style='display:block'",
    "style='display:none;display:inline'",
    "style='visibility:visible'",
    "style='opacity:0.5'",
    "style='font-size:0.8em'",
    "style='color:hidden'",
    "class='secretive'",
    "id='keyboard'",
    "title='display:none'",
]
STYLE = (
    "<style>p > .secret, #key { display: none } .secretive:hover { display: none }"
    " @media print { p { display: none } }</style>"
)


@pytest.mark.parametrize("how", HIDDEN)
def test_hidden_text_of_a_problem_is_dropped_and_listed(export: Export, how: str) -> None:
    hidden = f"<div {how}>SECRET <b>word</b></div>"
    (question,) = export.questions(f"<problem display_name='P'>{STYLE}<p>Seen.</p>{hidden} After.{NUMBER}</problem>")
    assert question.text_html == "<p>Seen.</p> After."
    notes = {note.what: note.places for note in export.exam().not_honoured}
    assert notes["hidden text"] == ("P",)


@pytest.mark.parametrize("how", HIDDEN)
def test_hidden_text_of_a_page_is_dropped_and_listed(export: Export, how: str) -> None:
    export.outline('<html url_name="h" display_name="Page"/>')
    hidden = f"<div {how}>SECRET <div>within</div> too <br> still</div>"
    export.write("html/h.html", f"{STYLE}<p>Seen.</p>{hidden} After.<img {how} src='x.png'> End")
    exam = export.exam()
    assert "".join(exam.materials_html.split("\n")) == "<h3>Unit</h3><p>Seen.</p> After. End"
    notes = {note.what: note.places for note in exam.not_honoured}
    assert notes["hidden text"] == ("Page",)


@pytest.mark.parametrize("how", SHOWN)
def test_what_is_not_hidden_is_kept(export: Export, how: str) -> None:
    (question,) = export.questions(f"<problem>{STYLE}<p>Seen.</p><div {how}>Kept</div>{NUMBER}</problem>")
    assert "Kept" in question.text_html
    export.outline('<html url_name="h"/>')
    export.write("html/h.html", f"{STYLE}<div {how}>Kept</div>")
    assert "Kept" in export.exam().materials_html


def test_a_hidden_response_is_no_question(export: Export) -> None:
    (question,) = export.questions(f"<problem><div style='display:none'>{NUMBER}</div><p>Q</p>{NUMBER}</problem>")
    assert question.text_html == "<p>Q</p>"


def test_a_field_called_hidden_is_still_a_field(export: Export) -> None:
    (question,) = export.questions(
        "<problem><stringresponse answer='a'><textline hidden='true'/></stringresponse></problem>"
    )
    assert question.key["texts"] == ["a"]


def test_comments_are_dropped_from_both(export: Export) -> None:
    (question,) = export.questions(f"<problem><p>Q<!-- SECRET --></p>{NUMBER}</problem>")
    assert question.text_html == "<p>Q</p>"
    export.outline('<html url_name="h"/>')
    export.write("html/h.html", "a<!-- SECRET > <p>--> b")
    assert "SECRET" not in export.exam().materials_html


@pytest.mark.parametrize("css", ["", "}", "{", "a{", "@", "/*", "p{display:none", "{}}{", "\\", "p{d\\ffffff: x}"])
def test_a_broken_sheet_hides_nothing_else(css: str) -> None:
    assert not is_hidden("div", {"class": "x"}, sheet(css))
