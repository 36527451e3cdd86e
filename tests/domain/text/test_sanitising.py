"""What an author's HTML may bring onto an exam page, and what may not."""

import pytest

from portal.domain.text.sanitising import clean, plain

ADDRESSES = {"asset:p.png": "asset:abc"}


@pytest.mark.parametrize(
    ("hostile", "left"),
    [
        ("<script>alert(1)</script>Hi", "Hi"),
        ("<p onclick='x()'>Hi</p>", "<p>Hi</p>"),
        ("<p style='color:red' class='x' id='main'>Hi</p>", "<p>Hi</p>"),
        ("<iframe src='https://x.example'></iframe>Hi", "Hi"),
        ("<a href='javascript:x()'>Hi</a>", '<a rel="noopener noreferrer">Hi</a>'),
        ("<a href='http://x.example'>Hi</a>", '<a rel="noopener noreferrer">Hi</a>'),
        ("<form action='/x'><input name='value'>Hi</form>", "Hi"),
        ("<svg><script>x()</script></svg>Hi", "Hi"),
        ("<math><mtext><style><img src=x onerror=x()></style></mtext></math>", "<math><mtext></mtext></math>"),
        ("<!-- note -->Hi", "Hi"),
        ("<meta http-equiv='refresh' content='0;url=https://x.example'>Hi", "Hi"),
    ],
)
def test_what_could_harm_is_gone(hostile, left):
    assert clean(hostile, {}) == left


@pytest.mark.parametrize(
    "kept",
    [
        '<p lang="fr" dir="ltr">Bonjour <em>toi</em>, H<sub>2</sub>O</p>',
        '<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td colspan="2">1</td></tr></tbody></table>',
        '<table><caption>Prices</caption><colgroup span="2"></colgroup><tbody><tr><td>1</td></tr></tbody></table>',
        "<pre><code>if a &lt; b:\n    go()</code></pre>",
        '<math display="block"><mfrac><mn>1</mn><mi>x</mi></mfrac></math>',
        '<ol start="3"><li>three</li></ol>',
        '<a href="https://x.example/a" rel="noopener noreferrer">there</a>',
    ],
)
def test_what_explains_stays(kept):
    assert clean(kept, {}) == kept


def test_headings_come_below_those_of_the_page():
    assert clean("<h1>A</h1><h2>B</h2><h6>C</h6>", {}) == "<h3>A</h3><h4>B</h4><h6>C</h6>"


def test_a_picture_of_ours_is_called_by_its_content():
    assert clean('<img src="asset:p.png" alt="A hill">', ADDRESSES) == '<img src="asset:abc" alt="A hill">'


def test_a_picture_without_words_says_that_it_has_none():
    assert clean('<img src="asset:p.png">', ADDRESSES) == '<img alt="" src="asset:abc">'


@pytest.mark.parametrize("source", ["https://x.example/p.png", "asset:other.png", "data:image/png;base64,AA==", ""])
def test_any_other_picture_gives_way_to_its_words(source):
    assert clean(f'<p><img src="{source}" alt="A &lt;hill&gt;"></p>', ADDRESSES) == "<p><em>[A &lt;hill&gt;]</em></p>"
    assert clean(f'<p>x<img src="{source}"></p>', ADDRESSES) == "<p>x</p>"


def test_a_formula_is_drawn_and_keeps_its_source_as_words():
    drawn = clean(r"<p>What is \(120 \times 5\)?</p>", {})
    assert drawn.startswith("<p>What is <math")
    assert "<mn>120</mn><mo>×</mo><mn>5</mn>" in drawn and r'alttext="120 \times 5"' in drawn
    assert drawn.endswith("</math>?</p>")


@pytest.mark.parametrize("written", [r"\[x^2\]", "[mathjax]x^2[/mathjax]"])
def test_a_formula_of_its_own_line_stands_alone(written):
    assert 'display="block"' in clean(written, {})


def test_a_formula_in_the_line_may_be_written_in_brackets():
    drawn = clean("[mathjaxinline]x^2[/mathjaxinline]", {})
    assert 'display="inline"' in drawn and 'alttext="x^2"' in drawn


@pytest.mark.parametrize(
    "left",
    [
        r"<code>\(a\)</code>",
        r"<pre>\[a\]</pre>",
        r"\(\unknown{3}\)",
        r"\(\)",
        "$x^2$ and $$x^2$$ cost $5",
        "[mathjaxinline]x[/mathjax]",
        r"\(a [/mathjaxinline]",
        r"\(a<b>b</b>\)",
        r"\(" + "{" * 1500 + r"\)",
        r"\(" + "a" * 2001 + r"\)",
    ],
)
def test_what_is_no_formula_stays_as_it_was_typed(left):
    assert clean(left, {}) == left


def test_a_formula_smuggles_nothing_in():
    sly = clean(r"\(\text{&lt;script&gt;alert(1)&lt;/script&gt;}\) \(\text{&lt;img src=x onerror=y&gt;}\)", {})
    assert "<script" not in sly and "<img" not in sly


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("<p>Salt &amp; <b>pepper</b>,\n ground</p>", "Salt & pepper, ground"),
        ("H<sub>2</sub>O &lt; 1", "H2O < 1"),
        ('<img src="asset:p.png" alt="A &quot;map&quot;">', 'A "map"'),
        ('<img src="asset:p.png">', ""),
        (r"about \(\frac{1}{2}\)", r"about \frac{1}{2}"),
    ],
)
def test_where_there_are_no_tags_its_words_are_left(written, words):
    assert plain(clean(written, ADDRESSES)) == words
