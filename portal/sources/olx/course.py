"""Reads a whole export into a course and its exams."""

from pathlib import Path

from portal.domain.publishing import CoursePublished
from portal.sources.errors import UnusableSource
from portal.sources.olx.archive import opened
from portal.sources.olx.attributes import words
from portal.sources.olx.limits import Limits
from portal.sources.olx.section import exam, is_timed
from portal.sources.olx.tree import Tree


def read(path: Path, limits: Limits | None = None) -> CoursePublished:
    """The course exported to `path`, a .tar.gz or a folder, with every timed section a learner can reach."""
    try:
        with opened(path, limits or Limits()) as files:
            return _course(Tree(files))
    except RecursionError as error:
        raise UnusableSource(f"{path.name} nests its parts too deeply to be read.") from error
    except OSError as error:
        raise UnusableSource(f"{path.name} could not be read: {error.strerror or error}.") from error


def _course(tree: Tree) -> CoursePublished:
    return CoursePublished(
        key=tree.key,
        name=words(tree.course, "display_name") or tree.number,
        exams=tuple(exam(tree, section) for section in tree.sections() if is_timed(section)),
        provider=words(tree.course, "proctoring_provider") or None,
    )
