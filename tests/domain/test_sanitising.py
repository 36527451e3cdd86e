"""What an author's HTML may bring onto an exam page, and what may not."""

import pytest

from portal.domain.sanitising import clean

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
