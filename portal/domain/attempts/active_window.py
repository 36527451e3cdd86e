"""An exam for one window at a time: which window of an attempt may write, and how another takes over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row

from portal.domain.errors import NotNow, PortalError
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.models import Attempt, Event, User
from portal.models.attempts.attempt import UNCLAIMED

ELSEWHERE = "elsewhere"


class OtherWindow(PortalError):
    """The exam continues in another window, so nothing is taken from this one."""

    code = "another_window"


@dataclass(frozen=True, kw_only=True)
class Window:
    """Where a request comes from."""

    browser: str | None
    """A fingerprint of what only this browser has; None: it has nothing yet."""
    tab: str | None
    """The name that the window's script gave itself; None without a script: then the browser is one window."""
    device: str
    """In words, such as "Firefox on Windows"."""


def is_elsewhere(attempt: Attempt, window: Window) -> bool:
    """Whether another window than this one may write."""
    if attempt.window_browser in {None, UNCLAIMED}:
        return False
    if attempt.window_browser != window.browser:
        return True
    return None not in (window.tab, attempt.window_tab) and window.tab != attempt.window_tab


def named(attempt: Attempt | Row[object], browser: str | None) -> str | None:
    """What a page of ``browser`` is told of the window that may write: its name there, or that it is elsewhere.

    Empty: that browser, in whichever of its windows speaks first. None: any window.
    """
    if attempt.window_browser is None:
        return None
    return (attempt.window_tab or "") if attempt.window_browser in {browser, UNCLAIMED} else ELSEWHERE


def require(attempt: Attempt, window: Window, *, now: datetime) -> None:
    """Note that the window was seen. :raises OtherWindow: it is not the one that may write."""
    if is_elsewhere(attempt, window):
        raise OtherWindow("Your exam continues in another window. Nothing you send from this one is saved.")
    if attempt.window_browser is not None:
        attempt.window_seen_at = now


def enter(attempt: Attempt, window: Window, *, now: datetime) -> None:
    """Be the window of a locked attempt while it has none; harmless twice.

    :raises OtherWindow: it has one, and it is not this one.
    """
    require(attempt, window, now=now)
    if attempt.exam.one_window and attempt.is_running and window.browser is not None:
        _put(attempt, window, now=now)


def take_over(attempt: Attempt, window: Window, learner: User, *, now: datetime) -> None:
    """From now on this window may write, and the one before may not. Nothing else changes, least of all the clock.

    :raises NotNow: the exam has ended.
    """
    if not attempt.is_running:
        raise NotNow("This exam has ended, so there is nothing to continue.")
    if is_elsewhere(attempt, window):
        is_same = attempt.window_browser == window.browser
        change = f"another window of {window.device}" if is_same else f"{attempt.window_device} to {window.device}"
        cause = Cause(actor=Actor.LEARNER, user=learner, reason=change)
        history.record(attempt, cause, from_status=attempt.status, now=now, event=Event.WINDOW_CHANGED)
    if attempt.exam.one_window:
        _put(attempt, window, now=now)


def _put(attempt: Attempt, window: Window, *, now: datetime) -> None:
    is_same = attempt.window_browser == window.browser
    attempt.window_tab = window.tab or (attempt.window_tab if is_same else None)
    attempt.window_browser, attempt.window_device, attempt.window_seen_at = window.browser, window.device, now
