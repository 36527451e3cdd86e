"""Names the exports of other systems, so that whoever gave one knows what it is and what to give instead."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile

from portal.sources.errors import UnusableSource

INSTEAD = "Give the export of an Open edX course (Studio, Tools, Export), a .tar.gz file with a course.xml."
MOODLE = "a Moodle backup"
CARTRIDGE = "a Common Cartridge or another IMS package (from Canvas, Brightspace, Blackboard or the like)"
#: A file that only exports of one kind have, whatever folder it stands in.
TOLD_BY = {
    "moodle_backup.xml": MOODLE,
    "moodle.xml": MOODLE,
    "imsmanifest.xml": CARTRIDGE,
    "assessment_meta.xml": "a quiz of Canvas (QTI)",
    "d2l_orgunitconfig.xml": "a course of Brightspace",
}
QTI = "questions in the format QTI"
MOST_NAMES = 50_000


def refuse_other_systems(names: Iterable[str]) -> None:
    """:raises UnusableSource: these are the files of another system's export, which is named."""
    whole = list(names)
    found = {PurePosixPath(name).name.lower() for name in whole}
    what = next((system for name, system in TOLD_BY.items() if name in found), None)
    if what is None and any(name.endswith(".mbz") for name in found):
        what = MOODLE
    if what is None and any(name.endswith(".imscc") for name in found):
        what = CARTRIDGE
    if what is None and any("qti" in PurePosixPath(name).name.lower() for name in whole):
        what = QTI
    if what is not None:
        raise UnusableSource(f"This is {what}, which is not read here. {INSTEAD}")


def refuse_zip(stream: IO[bytes], name: str) -> None:
    """:raises UnusableSource: always for a zip, saying what is in it; nothing else happens."""
    try:
        with ZipFile(stream) as packed:
            names = packed.namelist()[:MOST_NAMES]
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return
    refuse_other_systems(names)
    has_course = any(PurePosixPath(one).name == "course.xml" for one in names)
    more = "Unpack it and give its folder. " if has_course else ""
    raise UnusableSource(f"{name} is a zip file, not a .tar.gz file. {more}{INSTEAD}")
