"""Reads a whole export into a course and its exams."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from portal.domain.courses.published import CoursePublished, ExamPublished, LeftOut
from portal.sources.errors import UnusablePart, UnusableSource
from portal.sources.olx.dictionary import SITE
from portal.sources.olx.export.archive import opened
from portal.sources.olx.export.attributes import is_off, words
from portal.sources.olx.export.limits import Limits
from portal.sources.olx.export.tree import Section, Tree
from portal.sources.olx.remarks import Remarks
from portal.sources.olx.section import HiddenFromLearners, exam, is_timed

BOTH_OFF = (
    "the course has timed and proctored exams switched off (enable_timed_exams, enable_proctored_exams), "
    "so its exams here stay as they are"
)


def read(path: Path, limits: Limits | None = None, *, now: datetime | None = None) -> CoursePublished:
    """The course exported to `path`, a .tar.gz or a folder, with every timed section a learner can reach.

    A unit that opens later than its exam is shown from the first reading with a `now` after that.

    :raises UnusableSource: nothing of it can be used. A section or component that cannot be is listed instead.
    """
    limits = limits or Limits()
    try:
        with opened(path, limits) as files:
            return _course(Tree(files), limits, now)
    except RecursionError as error:
        raise UnusableSource(f"{path.name} nests its parts too deeply to be read.") from error
    except OSError as error:
        raise UnusableSource(f"{path.name} could not be read: {error.strerror or error}.") from error


def _course(tree: Tree, limits: Limits, now: datetime | None) -> CoursePublished:
    remarks = Remarks()
    remarks.block(tree.course, "the course", otherwise=SITE)
    is_off_here = is_off(tree.course, "enable_timed_exams") and is_off(tree.course, "enable_proctored_exams")
    sections = [] if is_off_here else list(tree.sections())
    timed = [section for section in sections if section.broken or is_timed(section)]
    if len(timed) > limits.exams:
        raise UnusableSource(f"The export has more than {limits.exams:,} timed sections, the most a course may have.")
    exams, left_out = _exams(tree, timed, limits, now)
    return CoursePublished(
        key=tree.key,
        name=words(tree.course, "display_name") or tree.number,
        exams=tuple(exams),
        provider=words(tree.course, "proctoring_provider") or None,
        left_out=tuple(left_out),
        not_honoured=remarks.taken,
        other_sections=len(sections) - len(timed),
        leaves_exams_because=BOTH_OFF if is_off_here else "",
    )


def _exams(
    tree: Tree, timed: Sequence[Section], limits: Limits, now: datetime | None
) -> tuple[list[ExamPublished], list[LeftOut]]:
    """Each timed section as an exam, or with the reason why it is none."""
    exams: list[ExamPublished] = []
    left_out: list[LeftOut] = []
    for section in timed:
        try:
            exams.append(exam(tree, section, now=now, most_questions=limits.questions))
        except UnusablePart as reason:
            is_hidden = isinstance(reason, HiddenFromLearners)
            left_out.append(
                LeftOut(content_id=section.content_id, name=section.name, reason=str(reason), is_hidden=is_hidden)
            )
    return exams, left_out
