"""Every page, whoever looks: axe finds nothing in light or dark, and nothing makes it scroll sideways."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from portal.models import User
from tests.browser.conftest import AXE
from tests.browser.pages.team_places import furnish

#: The narrowest telephone, and a wide screen at 200 %.
WIDTHS = (320, 640)
ALL = "axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations)"
#: What changes with the colours; the rest was looked at in light.
COLOURS = """axe.run(document, { resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block'] })
  .then((found) => found.violations)"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDEST = """[...document.body.querySelectorAll("*")].filter((one) => !one.closest(".scroll, .site-nav, .tabs"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
  .slice(0, 3).map((one) => one.tagName + "." + one.className).join(" ")"""

Visit = Callable[[Page], list[str]]


def colours_and_rules(page: Page) -> list[str]:
    """What axe finds, each as rule and place."""
    found = page.evaluate(ALL)
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(COLOURS)
    page.emulate_media(color_scheme="light")
    return [f"{one['id']} {node['target']}" for one in found for node in one["nodes"]]


def width(page: Page) -> list[str]:
    found = []
    for pixels in WIDTHS:
        page.set_viewport_size({"width": pixels, "height": 800})
        if (over := page.evaluate(TOO_WIDE)) > 0:
            found.append(f"{over} pixels too wide at {pixels}: {page.evaluate(WIDEST)}")
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


class Visitor:
    """Walks the furnished portal, one browser for each person who looks."""

    def __init__(self, browser: Browser, address: str, let_in: Callable[[BrowserContext, User], None]) -> None:
        self.browser, self.address, self.let_in = browser, address, let_in
        self.pages: dict[int | None, Page] = {}

    def of(self, who: User | None, locale: str) -> Page:
        number = who.id if who else None
        if number not in self.pages:
            context = self.browser.new_context(base_url=self.address, locale=locale, reduced_motion="reduce")
            context.add_init_script(path=AXE)
            if who:
                self.let_in(context, who)
            self.pages[number] = context.new_page()
        return self.pages[number]

    def walk(self, known: Any, visits: tuple[Visit, ...], locale: str = "en-GB") -> dict[str, list[str]]:
        """Everything that was found, by the name of its page."""
        found = {}
        for name, place in known.places.items():
            page = self.of(place.who, locale)
            page.goto(place.address)
            assert page.locator("h1").count() == 1, f"{name} is {page.url}"
            found[name] = [fault for visit in visits for fault in visit(page)]
        return {name: faults for name, faults in found.items() if faults}


@pytest.fixture
def visitor(browser: Browser, live_server: str, let_in) -> Iterator[Visitor]:
    made = Visitor(browser, live_server, let_in)
    yield made
    for page in made.pages.values():
        page.context.close()


def language(page: Page) -> list[str]:
    """A page that is not in the reader's language, or runs the wrong way."""
    said = page.evaluate("document.documentElement.lang + ' ' + document.documentElement.dir")
    wanted = {"ar": "ar rtl", "de": "de ltr"}[page.evaluate("navigator.language")]
    return [] if said == wanted else [f"{said}, not {wanted}"]


def test_every_page_is_open_to_everybody(app, visitor):
    assert visitor.walk(furnish(), (colours_and_rules, width)) == {}


@pytest.mark.parametrize("code", ["ar", "de"])
def test_longer_words_and_the_other_direction_fit(app, visitor, code):
    known = furnish(language=code)
    own = {name: place for name, place in known.places.items() if place.who in (None, known.learner)}
    del own["refused"]  # A room of the course team, in English whoever looks.
    assert visitor.walk(known._replace(places=own), (width, language), code) == {}
