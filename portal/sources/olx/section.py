"""Reads one timed section into an exam: its settings, its window, and what is in it."""

from datetime import datetime
from xml.etree.ElementTree import Element

from portal.domain.courses.published import ExamPublished
from portal.sources.errors import UnusablePart
from portal.sources.olx.contents import Contents, take
from portal.sources.olx.export.attributes import flag, minutes, value, words
from portal.sources.olx.export.tree import Section, Tree
from portal.sources.olx.export.windows import closes_at, kept_from_learners, opens_at, said
from portal.sources.olx.pictures import Pictures
from portal.sources.olx.remarks import Remarks

THE_SECTION = "the section"


class HiddenFromLearners(UnusablePart):
    """The author shows the section to nobody, or not to every learner."""


def is_timed(section: Section) -> bool:
    return section.element is not None and flag(section.element, "is_time_limited")


def exam(tree: Tree, section: Section, *, now: datetime | None, most_questions: int) -> ExamPublished:
    """The exam that the section is. :raises UnusablePart: it can be none; HiddenFromLearners where it must not."""
    element = section.known
    hidden = kept_from_learners(section.levels)
    if hidden:
        raise HiddenFromLearners(hidden)
    opens, closes = _window(section)
    limit = minutes(element, "default_time_limit_minutes")
    contents = _contents(tree, section, opens, now)
    if len(contents.questions) > most_questions:
        raise UnusablePart(f"it has more than {most_questions:,} questions")
    is_onboarding = flag(element, "is_onboarding_exam")
    return ExamPublished(
        content_id=section.content_id,
        name=section.name,
        time_limit_minutes=limit,
        opens_at=opens,
        closes_at=closes,
        is_proctored=is_onboarding or flag(element, "is_proctored_enabled", "is_proctored_exam"),
        is_practice=is_onboarding or flag(element, "is_practice_exam"),
        is_onboarding=is_onboarding,
        hide_after_due=flag(element, "hide_after_due"),
        review_rules=words(element, "exam_review_rules"),
        questions=tuple(contents.questions),
        assets=contents.pictures.assets,
        materials_html="\n".join(contents.materials),
        unreadable=tuple(contents.unreadable),
        not_honoured=contents.remarks.taken,
        may_decline=_may_decline(tree.course),
    )


def _window(section: Section) -> tuple[datetime | None, datetime | None]:
    opens, closes = opens_at(section.levels), closes_at(section.levels)
    if opens and closes and opens >= closes:
        raise UnusablePart(f"it opens on {said(opens)}, which is not before it is due on {said(closes)}")
    return opens, closes


def _contents(tree: Tree, section: Section, opens: datetime | None, now: datetime | None) -> Contents:
    contents = Contents(pictures=Pictures(tree.files), remarks=Remarks(), opens_at=opens, now=now)
    contents.remarks.block(section.known, THE_SECTION)
    contents.remarks.block(section.chapter, section.chapter_called)
    for pointer in section.known:
        take(tree, pointer, contents)
    return contents


def _may_decline(course: Element) -> bool | None:
    written = course.get("allow_proctoring_opt_out")
    return None if value(written) is None else flag(course, "allow_proctoring_opt_out")
