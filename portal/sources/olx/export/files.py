"""The files of one export by their names, read as bytes, text or XML."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from portal.sources.errors import UnusableSource
from portal.sources.olx.export.limits import Limits
from portal.sources.olx.export.other_systems import refuse_other_systems

Fetch = Callable[[int], bytes]
"""Reads a file, at most so many bytes of it."""

MOST_LEVELS = 100
MOODLES = "moodle_backup.xml"
ARCHIVES = (".tar.gz", ".tgz", ".tar", ".zip", ".gz", ".mbz", ".imscc")


class Files:
    """The files below the folder that holds the export's course.xml."""

    def __init__(self, found: Mapping[str, Fetch], limits: Limits) -> None:
        root = _root(found)
        self._found = {name[len(root) :]: fetch for name, fetch in found.items() if name.startswith(root)}
        self._limits = limits

    def has(self, name: str) -> bool:
        return name in self._found

    def below(self, folder: str) -> list[str]:
        """The names in a folder, in alphabetical order, without the folder's own name."""
        return sorted(name[len(folder) :] for name in self._found if name.startswith(folder))

    @property
    def most_asset_bytes(self) -> int:
        return self._limits.asset_bytes

    def asset(self, name: str) -> bytes | None:
        """The content, or None when it is larger than an asset may be."""
        content = self._found[name](self._limits.asset_bytes + 1)
        return content if len(content) <= self._limits.asset_bytes else None

    def text(self, name: str) -> str:
        try:
            return self._whole(name).decode("utf-8-sig").replace("\x00", "")
        except UnicodeDecodeError as error:
            raise UnusableSource(f"{name} is not written in UTF-8.") from error

    def xml(self, name: str) -> Element:
        return parsed(self._whole(name), name)

    def _whole(self, name: str) -> bytes:
        content = self._found[name](self._limits.text_bytes + 1)
        if len(content) > self._limits.text_bytes:
            raise UnusableSource(f"{name} is too large to be part of a course.")
        return content


def parsed(content: bytes | str, name: str) -> Element:
    """The root of an XML file; document types and entities are refused, as no export needs them."""
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnusableSource(f"{name} declares XML entities or a document type, which is not allowed.") from error
    except ParseError as error:
        line = error.position[0]
        raise UnusableSource(f"{name} is not well-formed XML, see its line {line}.") from error
    except (LookupError, ValueError) as error:
        raise UnusableSource(f"{name} is written in an encoding that cannot be read.") from error
    if _is_too_deep(root):
        raise UnusableSource(f"{name} nests its parts too deeply to be read.")
    return root


def _is_too_deep(root: Element) -> bool:
    """Whether it nests deeper than any author does; what reads it goes down with it, step by step."""
    level = [root]
    for _ in range(MOST_LEVELS):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True


def _root(found: Mapping[str, Fetch]) -> str:
    """The folder, with its slash, in which course.xml stands: the export itself or one folder within."""
    if "course.xml" in found:
        return ""
    # Theirs has a course/course.xml of its own.
    refuse_other_systems(name for name in found if PurePosixPath(name).name == MOODLES and name.count("/") <= 1)
    inner = [name for name in found if PurePosixPath(name).match("course.xml") and name.count("/") == 1]
    if len(inner) == 1:
        return inner[0].removesuffix("course.xml")
    if inner:
        raise UnusableSource("The export holds several courses; give one at a time.")
    refuse_other_systems(found)
    packed = sorted(name for name in found if name.endswith(ARCHIVES))
    if packed and len(found) <= len(packed) + 1:
        raise UnusableSource(f"The export only holds another archive, {packed[0]}; give that one instead.")
    raise UnusableSource("The export has no course.xml, so it is not a course.")
