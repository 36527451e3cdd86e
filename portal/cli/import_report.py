"""What an import took over, or would: exams, what changes, what learners are not shown, what has no effect."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from portal.cli.terminal.tables import table
from portal.domain.courses.differences import Difference
from portal.domain.courses.published import CoursePublished, ExamPublished
from portal.models import Exam

#: As many places of one thing are named unless somebody asks for all.
FEW = 3
HEAD = ("Exam", "Kind", "Minutes", "Opens", "Closes", "Questions", "Need attention", "Change")
NO_EXAMS = "This export has no timed sections that learners can see, so it contains no exams."


def lines(
    published: CoursePublished, found: Difference, *, is_dry_run: bool, most_places: int | None = FEW
) -> list[str]:
    """The whole report. ``most_places``: how many places of one thing are named; None for all."""
    said = [f"{published.name} ({published.key})", ""]
    if published.leaves_exams_because:
        said.append(f"Nothing was imported: {published.leaves_exams_because}.")
    elif not published.exams:
        said.append(NO_EXAMS)
    else:
        said += table(HEAD, [_row(exam, found) for exam in published.exams])
    said += [f"Turned off, because it is deleted or hidden in the course: {name}" for name in found.deactivated]
    said += _sections(published, found)
    said += _attention(found, most_places)
    said += _not_honoured(found, most_places)
    return [*said, "", _summary(found, is_dry_run=is_dry_run)]


def _row(exam: ExamPublished, found: Difference) -> tuple[str, ...]:
    broken = sum(question.problem is not None for question in exam.questions)
    return (
        exam.name,
        Exam(is_proctored=exam.is_proctored, is_practice=exam.is_practice, is_onboarding=exam.is_onboarding).kind,
        str(exam.time_limit_minutes),
        _moment(exam.opens_at, "always open"),
        _moment(exam.closes_at, "never"),
        str(len(exam.questions) - broken),
        str(broken + len(exam.unreadable)),
        _change(exam.content_id, found),
    )


def _change(content_id: str, found: Difference) -> str:
    if content_id in found.added:
        return "new"
    return ", ".join(found.changed.get(content_id, ())) or "none"


def _sections(published: CoursePublished, found: Difference) -> Iterator[str]:
    """Sections that bring no exam, and whom the course wants as its proctor."""
    if found.left_out:
        yield ""
        yield "Sections without an exam (an existing exam stays, unless its section is hidden):"
        yield from table(("Section", "Reason"), [(left.name, left.reason) for left in found.left_out])
    if published.other_sections:
        count = published.other_sections
        yield f"{count} {'section' if count == 1 else 'sections'} without a time limit created no exam."
    if found.unknown_provider:
        yield (
            f"Add the provider {found.unknown_provider} with `flask provider add`. The course uses it, and learners "
            "cannot start the proctored exams without it."
        )


def _attention(found: Difference, most: int | None) -> list[str]:
    if not found.problems:
        return []
    names: dict[tuple[str, str, str], list[str]] = {}
    for what in found.problems:
        names.setdefault((what.exam, what.kind.replace("_", " "), what.reason), []).append(what.name)
    rows = [(exam, _places(where, most), kind, reason) for (exam, kind, reason), where in names.items()]
    return ["", "Not shown to learners until someone corrects it:", *table(("Exam", "Name", "Kind", "Reason"), rows)]


def _not_honoured(found: Difference, most: int | None) -> list[str]:
    if not found.not_honoured:
        return []
    said = ["", "Course settings that have no effect here:"]
    for one in found.not_honoured:
        said.append(f"  {', '.join(one.what)}: {one.meaning}.")
        said += [f"    {exam}{': ' if exam else ''}{_places(places, most)}" for exam, places in one.places.items()]
    return said


def _places(places: Sequence[str], most: int | None) -> str:
    """``A; B; C``, or the first few and how many more."""
    few = places if most is None else places[:most]
    more = f" and {len(places) - len(few)} more" if len(places) > len(few) else ""
    return f"{'; '.join(few)}{more}"


def _summary(found: Difference, *, is_dry_run: bool) -> str:
    if found.is_nothing:
        return "There are no changes."
    counts = f"{len(found.added)} new, {len(found.changed)} changed, {len(found.unchanged)} unchanged"
    counts += f", {len(found.deactivated)} turned off."
    return f"Dry run, nothing was changed. An import would give: {counts}" if is_dry_run else f"Done: {counts}"


def _moment(at: datetime | None, otherwise: str) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else otherwise
