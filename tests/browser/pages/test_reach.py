"""Small windows, large text: the controls of the time are there, nothing is cut off, nothing leaves the window."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import launch
from tests.browser.pages.proctored_places import furnish

SMALL = [(320, 568), (360, 640), (640, 512)]  # The last is 1280 x 1024 at 200 %.
MOST_OF_WINDOW = 0.2
DOUBLE = (
    "() => { const root = document.documentElement;"
    " root.style.fontSize = `${2 * parseFloat(getComputedStyle(root).fontSize)}px`; }"
)
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: What sticks out of the window, or of a box that cuts it off.
CUT = """() => [...document.querySelectorAll("body *")].filter((one) => {
    if (!one.checkVisibility() || one.closest(".scroll, .hidden-text, .skip, svg, .site-nav, noscript")) return false;
    const { left, right, width } = one.getBoundingClientRect();
    return width > 1 && (left < -1 || right > innerWidth + 1);
}).map((one) => `${one.tagName}.${one.className}`)"""
LEARNER = (
    "sign in", "exams", "settings", "entry open", "ready", "question 1", "question 2", "question 4", "question 5",
    "question 6", "check", "end", "interrupted", "break", "other window", "status submitted", "status rejected",
    "help", "entry proctored", "rules", "device", "setup waiting", "waiting", "without proctoring", "ready proctored",
    "interrupted proctored", "status held", "status practised", "appeal not accepted",
)  # fmt: skip
#: Words of the big numbers that stand on two lines, as "13:0" and "0".
BROKEN = """() => {
    const found = [], texts = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        if (!texts.currentNode.parentElement.closest(".facts")) continue;
        for (const word of texts.currentNode.data.matchAll(/\\S+/g)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size > 1) found.push(word[0]);
        }
    }
    return found;
}"""
#: Words of a ruler that lie on its bar.
ON_THE_BAR = """() => [...document.querySelectorAll("main svg.rule")].flatMap((ruler) => {
    const bar = ruler.querySelector(".ground").getBoundingClientRect();
    const boxes = [...ruler.querySelectorAll("text")].map((one) => [one.textContent, one.getBoundingClientRect()]);
    return boxes.filter(([, { top, bottom }]) => top < bar.bottom && bottom > bar.top).map(([words]) => words);
})"""


@pytest.fixture
def open_question(page: Page, attempt, context, let_in):
    def open_question(width: int, height: int) -> Page:
        page.set_viewport_size({"width": width, "height": height})
        let_in(context, attempt.learner)
        page.goto(f"/attempts/{attempt.ref}/exam/2")
        return page

    return open_question


@pytest.mark.parametrize(("width", "height"), SMALL)
@pytest.mark.parametrize("place", ["exam/2", "check-answers"])
def test_time_can_be_hidden_shown_and_heard_in_a_small_window(open_question, attempt, width, height, place):
    page = open_question(width, height)
    page.goto(f"/attempts/{attempt.ref}/{place}")
    page.get_by_role("button", name="Hide time").click()
    expect(page.locator("#timer-text")).to_have_text("Time hidden")
    page.get_by_role("button", name="Show time").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#timer-text")).to_contain_text("min")
    page.get_by_role("button", name="Read time").click()
    expect(page.locator("#polite")).to_contain_text("minutes left")
    for name in ("hide-time", "read-time"):
        box = page.locator(f"#{name}").bounding_box()
        assert box["width"] >= 24 and box["height"] >= 24
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert page.locator("#timer-bar").bounding_box()["height"] <= MOST_OF_WINDOW * height
    assert page.evaluate(WIDER) <= 0


@pytest.mark.parametrize(("width", "is_doubled"), [(1280, True), (640, True), (320, False)])
def test_nothing_leaves_the_window(app, page, context, let_in, width, is_doubled):
    furnished, wrong = furnish(), {}
    let_in(context, furnished.learner)
    page.set_viewport_size({"width": width, "height": 900})
    for name in LEARNER:
        page.goto(furnished.places[name].address)
        if is_doubled:
            page.evaluate(DOUBLE)
        found = [*page.evaluate(CUT), *page.evaluate(BROKEN), *page.evaluate(ON_THE_BAR), page.evaluate(WIDER)]
        if any(found):
            wrong[name] = found
    assert not wrong


def test_a_browser_set_to_text_of_double_size_shows_the_bar_and_the_question_whole(
    browser, live_server, let_in, attempt
):
    """Its own setting, which the widths of the sheets follow, too."""
    large = launch(browser.browser_type, "--blink-settings=defaultFontSize=32")
    context = large.new_context(base_url=live_server, viewport={"width": 640, "height": 900})
    let_in(context, attempt.learner)
    page = context.new_page()
    for place in ("exam/1", "exam/3", "check-answers", "end"):
        page.goto(f"/attempts/{attempt.ref}/{place}")
        assert [*page.evaluate(CUT), *page.evaluate(BROKEN)] == []
        assert page.evaluate(WIDER) <= 0
        assert page.locator("#timer-bar").bounding_box()["height"] <= MOST_OF_WINDOW * 900
    large.close()


#: A page, and two things of it that touched each other.
NEIGHBOURS = {
    "entry proctored": ("main .actions", ".messages.after .banner"),
    "device": ("#checks", "#check-now"),
    "setup waiting": ("#tasks", "#tasks ~ .flow .button"),
}


def test_what_comes_after_a_list_or_a_button_keeps_its_distance(app, page, context, let_in):
    furnished = furnish()
    let_in(context, furnished.learner)
    for place, neighbours in NEIGHBOURS.items():
        page.goto(furnished.places[place].address)
        first, second = (page.locator(one).first.bounding_box() for one in neighbours)
        assert second["y"] - (first["y"] + first["height"]) >= 16, place
