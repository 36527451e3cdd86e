"""The two clocks of a browser test, moved together: the portal's and the page's own."""

from playwright.sync_api import BrowserContext, Error, Page, Request

from tests.conftest import Clock

HELD_AFTER_SECONDS = 30
PATIENCE_STEPS = 400
STEP_MS = 5


class ExamTime:
    """Both clocks stand still until ``pass_by``; ``jump`` is a gap without a tick, as when a machine was busy."""

    def __init__(self, context: BrowserContext, portal: Clock) -> None:
        self.context, self.browser, self.portal = context, context.clock, portal
        self.browser.install(time=portal.now)
        self.under_way: set[Request] = set()
        context.on("request", lambda request: request.service_worker or self.under_way.add(request))
        for done in ("requestfinished", "requestfailed"):
            context.on(done, lambda request: self.under_way.discard(request))

    def hold(self, page: Page) -> None:
        """Stop the page's clock a little later than it is; the portal's joins it."""
        self.portal.advance(seconds=HELD_AFTER_SECONDS)
        self.browser.pause_at(self.portal.now)

    def pass_by(self, seconds: float, step: float = 1) -> None:
        """Time goes on for everybody, in steps so small that replies come at the right moment."""
        left = seconds
        while left > 0:
            now = min(step, left)
            self.portal.advance(seconds=now)
            self.browser.run_for(round(now * 1000))
            self.let_answers_arrive()
            left -= now

    def let_answers_arrive(self) -> None:
        """A request takes no time by these clocks, unless the test holds it back; nor does one that follows from it.

        Nor does the journal, which a script writes before it asks.
        """
        for page in self.context.pages:
            let_pass(page)
        steps = 0
        while self.forget_closed() and steps < PATIENCE_STEPS:
            page = next(iter(self.under_way)).frame.page
            page.wait_for_timeout(STEP_MS)
            steps += 1
            if not self.under_way:
                page.wait_for_timeout(2 * STEP_MS)
        self.under_way.clear()

    def forget_closed(self) -> set[Request]:
        """What is under way, without requests of pages that were closed: nobody waits for their answers."""
        self.under_way -= {request for request in self.under_way if request.frame.page.is_closed()}
        return self.under_way

    def jump(self, seconds: float) -> None:
        """Time goes on without a tick in between."""
        self.portal.advance(seconds=seconds)
        self.browser.fast_forward(round(seconds * 1000))
        self.let_answers_arrive()

    def device_only(self, page: Page, seconds: float) -> None:
        """Set the device's wall clock; what is measured with it otherwise goes on."""
        page.evaluate("ms => { const before = Date.now; Date.now = () => before() + ms; }", seconds * 1000)

    def sleep(self, page: Page, seconds: float) -> None:
        """The machine sleeps: its wall clock goes on, its monotonic one does not."""
        self.portal.advance(seconds=seconds)
        self.device_only(page, seconds)


def let_pass(page: Page) -> None:
    """A step of a page's time; one that a test has closed may still be in the list for a moment."""
    try:
        page.wait_for_timeout(STEP_MS)
    except Error:
        if not page.is_closed():
            raise
