"""A problem's text, parts, pictures and points, and that none of it tells the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.models.courses.question import QuestionKind

if TYPE_CHECKING:
    from tests.sources.conftest import Export

NUMBER = "<numericalresponse answer='1'>{inside}<textline/></numericalresponse>"


def test_text_before_each_response_goes_with_its_question(export: Export) -> None:
    first, second = NUMBER.format(inside="<label>One?</label>"), NUMBER.format(inside="<p>Two?</p>")
    questions = export.questions(
        f"<problem display_name='P'><div>Stem.</div>{first}<p>Between.</p>{second}<p>End.</p></problem>"
    )
    assert [question.text_html for question in questions] == [
        "<div>Stem.</div><p>One?</p>",
        "<p>Between.</p><p>Two?</p><p>End.</p>",
    ]
    assert [question.content_id for question in questions] == [
        "block-v1:Org+C1+run+type@problem+block@p1",
        "block-v1:Org+C1+run+type@problem+block@p1+part@2",
    ]
    assert [(question.group, question.title) for question in questions] == [("p1", "P (1)"), ("p1", "P (2)")]


def test_text_around_a_wrapped_set_of_responses_is_kept(export: Export) -> None:
    both = NUMBER.format(inside="<label>One?</label>") + NUMBER.format(inside="<label>Two?</label>")
    first, second = export.questions(f"<problem><p>A</p><div>B{both}C</div><p>D</p></problem>")
    assert first.text_html == "<p>A</p>B<p>One?</p>"
    assert second.text_html == "<p>Two?</p>C<p>D</p>"


def test_responses_within_a_table_become_numbered_gaps(export: Export) -> None:
    option = "<optionresponse><optioninput options=\"('x','y')\" correct='x'/></optionresponse>"
    first, second = export.questions(
        "<problem><table><tr><th>Thing</th><th>Colour</th></tr>"
        f"<tr><td>Sky</td><td>{option}</td></tr><tr><td>Sea</td><td>{option}</td></tr></table></problem>"
    )
    assert "<td>Sky</td><td> <strong>(1)</strong> </td>" in first.text_html
    assert first.text_html.endswith("<p><strong>(1)</strong> Sky: Colour</p>")
    assert second.text_html == "<p><strong>(2)</strong> Sea: Colour</p>"


def test_several_lists_in_one_response_are_several_questions(export: Export) -> None:
    option = "<optioninput options=\"('x','y')\" correct='{right}'/>"
    lists = f"<p>A {option.format(right='x')} and {option.format(right='y')}.</p>"
    questions = export.questions(f"<problem><optionresponse>{lists}</optionresponse></problem>")
    assert [question.key for question in questions] == [{"choice": "choice_0"}, {"choice": "choice_1"}]
    assert "<p>A  <strong>(1)</strong>  and  <strong>(2)</strong> .</p>" in questions[0].text_html


def test_nothing_tells_the_answer(export: Export) -> None:
    (question,) = export.questions(
        "<problem><p correct='SECRET'>Q</p><!-- SECRET --><script type='text/python'>SECRET</script>"
        "<stringresponse answer='SECRET'><additional_answer>SECRET</additional_answer>"
        "<correcthint>SECRET</correcthint><textline correct_answer='SECRET'/>"
        "<stringequalhint answer='SECRET'>SECRET</stringequalhint><solution>SECRET</solution>"
        "<hintgroup><hintpart>SECRET</hintpart></hintgroup></stringresponse>"
        "<demandhint><hint>SECRET</hint></demandhint><targetedfeedbackset>SECRET</targetedfeedbackset></problem>"
    )
    assert question.text_html == "<p>Q</p>"
    assert question.key["texts"] == ["SECRET"]
    assert "SECRET" in question.original


def test_pictures_become_assets_once(export: Export) -> None:
    export.write("static/a map (1).png", b"picture")
    export.write("static/sub/b.svg", b"<svg/>")
    (question,) = export.questions(
        "<problem><img src='/static/a_map__1_.png' alt='A'/><img src='/static/a%20map%20(1).png'/>"
        "<img src='/assets/courseware/v1/0a1b/asset-v1:Org+C1+run+type@asset+block/sub_b.svg'/>"
        f"{NUMBER.format(inside='')}</problem>"
    )
    assert question.text_html.count('src="asset:a_map__1_.png"') == 2
    assert 'src="asset:sub_b.svg"' in question.text_html
    assets = {(asset.name, asset.media_type, asset.content) for asset in export.exam().assets}
    assert assets == {
        ("a_map__1_.png", "image/png", b"picture"),
        ("sub_b.svg", "image/svg+xml", b"<svg/>"),
    }
    assert question.problem is None


def test_a_missing_picture_asks_for_attention_and_keeps_the_key(export: Export) -> None:
    image = "<img src='/static/gone.png'/>"
    (question,) = export.questions(f"<problem>{image}{NUMBER.format(inside='')}</problem>")
    assert question.kind is QuestionKind.NUMBER
    assert question.problem == "picture gone.png is not in the export"


def test_a_script_without_variables_is_harmless(export: Export) -> None:
    script = "<script type='loncapa/python'>x = 1 # $x</script>"
    (question,) = export.questions(f"<problem>{script}<p>It costs $5.</p>{NUMBER.format(inside='')}</problem>")
    assert question.problem is None


def test_a_script_with_variables_asks_for_attention(export: Export) -> None:
    script = "<script type='loncapa/python'>x = 1</script>"
    (question,) = export.questions(f"<problem>{script}<p>x is $x</p>{NUMBER.format(inside='')}</problem>")
    assert question.problem == "a script fills in $x, and scripts are not run here"


@pytest.mark.parametrize(
    ("weight", "points"),
    [
        ("", [1, 1, 1]),
        ("7", [3, 2, 2]),
        ("2.5", [1, 1, 1]),
        ("0", [0, 0, 0]),
        ("abc", [1, 1, 1]),
        ("NaN", [1, 1, 1]),
        ("-Infinity", [1, 1, 1]),
        ("1", [1, 1, 1]),
    ],
)
def test_weight_is_shared_out(export: Export, weight: str, points: list[int]) -> None:
    three = NUMBER.format(inside="") * 3
    questions = export.questions(f"<problem weight='{weight}'>{three}</problem>")
    assert [question.points for question in questions] == points
