"""The demo's courses as they would be published, and when their exams are open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.demo import bookkeeping, rain_chart, weather
from portal.domain.courses.published import CoursePublished, ExamPublished, QuestionPublished, Unreadable

WEATHER_KEY = "course-v1:Fernhill+WX110+Demo"
BOOKKEEPING_KEY = "course-v1:Fernhill+BK101+Demo"


@dataclass(frozen=True, kw_only=True)
class Window:
    """When an exam opens and closes, counted from the moment the demo is loaded."""

    opens: timedelta
    closes: timedelta


DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
PRACTICE, MIDTERM, MAP_QUIZ, FINAL = "practice", "midterm", "map-quiz", "final"
REHEARSAL, IDENTITY, CLOUDS, STORMS = "proctored-practice", "identity", "clouds", "storms"
FORECAST = "forecast"
LEDGERS, SUPERVISED = "ledgers", "supervised-final"
#: Of the built-in proctor, as course exports name it, too.
PROCTOR = "practice"
WINDOWS = {
    PRACTICE: Window(opens=-20 * DAY, closes=90 * DAY),
    REHEARSAL: Window(opens=-20 * DAY, closes=90 * DAY),
    IDENTITY: Window(opens=-20 * DAY, closes=90 * DAY),
    CLOUDS: Window(opens=-12 * DAY, closes=-6 * DAY),
    STORMS: Window(opens=-2 * DAY, closes=5 * DAY),
    FORECAST: Window(opens=-2 * DAY, closes=12 * DAY),
    MIDTERM: Window(opens=-1 * DAY, closes=3 * DAY),
    MAP_QUIZ: Window(opens=-12 * DAY, closes=-5 * DAY),
    FINAL: Window(opens=9 * DAY, closes=10 * DAY),
    LEDGERS: Window(opens=-15 * MINUTE, closes=70 * MINUTE),
    SUPERVISED: Window(opens=14 * DAY, closes=15 * DAY),
}
#: A circuit has no counterpart here; the course team sees that it was left out.
LEFT_OUT = (Unreadable(name="A film about clouds", kind="video", reason="videos are not shown during an exam"),)


def weather_course(now: datetime) -> CoursePublished:
    exams = (
        _exam(PRACTICE, "Practice exam", 10, weather.PRACTICE, now=now, is_practice=True),
        _exam(MIDTERM, "Midterm exam: air, water and wind", 45, weather.MIDTERM, now=now),
        _exam(MAP_QUIZ, "Quiz: reading a weather map", 20, weather.MAP_QUIZ, now=now),
        _exam(FINAL, "Final exam", 90, weather.FINAL, now=now),
        *_proctored_exams(now),
    )
    return CoursePublished(key=WEATHER_KEY, name="Weather and Climate", exams=exams, provider=PROCTOR)


def _proctored_exams(now: datetime) -> tuple[ExamPublished, ...]:
    """One of each kind that the proctor looks after, and one that is over."""
    first = weather.PRACTICE[:3]
    return (
        _exam(REHEARSAL, "Proctored practice exam", 10, first, now=now, is_proctored=True, is_practice=True),
        _exam(
            IDENTITY,
            "Onboarding exam",
            10,
            first[:1],
            now=now,
            is_proctored=True,
            is_practice=True,
            is_onboarding=True,
        ),
        _exam(CLOUDS, "Unit exam 1: clouds and fronts", 30, weather.CLOUDS, now=now, is_proctored=True),
        _exam(STORMS, "Unit exam 2: storms and warnings", 40, weather.STORMS, now=now, is_proctored=True),
        _exam(FORECAST, "Unit exam 3: writing a forecast", 45, weather.FORECAST, now=now, is_proctored=True),
    )


def bookkeeping_course(now: datetime) -> CoursePublished:
    exams = (
        _exam(LEDGERS, "Midterm exam: ledgers and balances", 60, bookkeeping.LEDGERS, now=now),
        _exam(SUPERVISED, "Final exam", 120, bookkeeping.FINAL, now=now, is_proctored=True),
    )
    return CoursePublished(key=BOOKKEEPING_KEY, name="Bookkeeping Basics", exams=exams, provider=None)


def _exam(
    name: str,
    title: str,
    minutes: int,
    questions: tuple[QuestionPublished, ...],
    *,
    now: datetime,
    **kind: bool,
) -> ExamPublished:
    uses_chart = any("asset:rain.svg" in question.text_html for question in questions)
    return ExamPublished(
        content_id=name,
        name=title,
        time_limit_minutes=minutes,
        closes_at=now + WINDOWS[name].closes,
        is_proctored=kind.get("is_proctored", False),
        is_practice=kind.get("is_practice", False),
        is_onboarding=kind.get("is_onboarding", False),
        hide_after_due=False,
        review_rules=weather.RULES if kind.get("is_proctored") else "",
        questions=questions,
        assets=(rain_chart.rain_chart(),) if uses_chart else (),
        materials_html=weather.MATERIALS if name == MIDTERM else "",
        unreadable=LEFT_OUT if name == FINAL else (),
    )
