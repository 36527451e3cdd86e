"""Exports of other systems are named for what they are, and what to give instead is said."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from portal.sources.errors import UnusableSource
from portal.sources.olx import read

if TYPE_CHECKING:
    from pathlib import Path

MOODLE = ("moodle_backup.xml", "course/course.xml", "course/enrolments.xml")
SYSTEMS = [
    (MOODLE, "This is a Moodle backup"),
    (("backup/moodle_backup.xml", "backup/course/course.xml"), "This is a Moodle backup"),
    (("moodle.xml",), "This is a Moodle backup"),
    (("imsmanifest.xml", "course_settings/course_settings.xml"), "This is a Common Cartridge"),
    (("q1/assessment_meta.xml", "q1/q1.xml"), "This is a quiz of Canvas"),
    (("my_qti_export.xml",), "This is questions in the format QTI"),
    (("backup-course-12.mbz",), "This is a Moodle backup"),
]


def _tar(path: Path, names: tuple[str, ...]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = 6
            tar.addfile(member, io.BytesIO(b"<xml/>"))
    return path


def _zip(path: Path, names: tuple[str, ...]) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for name in names:
            packed.writestr(name, "<xml/>")
    return path


@pytest.mark.parametrize("pack", [_tar, _zip])
@pytest.mark.parametrize(("names", "says"), SYSTEMS)
def test_it_is_named(tmp_path: Path, names: tuple[str, ...], says: str, pack: object) -> None:
    assert callable(pack)
    path = pack(tmp_path / "export.mbz", names)
    with pytest.raises(UnusableSource, match=says) as refused:
        read(path)
    assert "Give the export of an Open edX course" in str(refused.value)


@pytest.mark.parametrize(("names", "says"), SYSTEMS)
def test_a_folder_is_named_too(tmp_path: Path, names: tuple[str, ...], says: str) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("<xml/>")
    with pytest.raises(UnusableSource, match=says):
        read(tmp_path)


def test_a_zip_with_a_course_says_to_unpack_it(tmp_path: Path) -> None:
    with pytest.raises(UnusableSource, match=r"is a zip file, not a \.tar\.gz file\. Unpack it"):
        read(_zip(tmp_path / "course.zip", ("course/course.xml",)))


def test_a_course_that_tells_of_moodle_is_a_course(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "static").mkdir()
    (tmp_path / "static/moodle_backup.xml").write_text("<xml/>")
    (tmp_path / "course.xml").write_text('<course url_name="run" org="O" course="C"/>')
    (tmp_path / "course/run.xml").write_text('<course display_name="A course"/>')
    assert read(tmp_path).name == "A course"


def test_a_zip_that_is_broken_is_refused_in_one_line(tmp_path: Path) -> None:
    path = _zip(tmp_path / "x.zip", MOODLE)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(UnusableSource, match=r"not a \.tar\.gz file"):
        read(path)


def test_a_gzip_of_anything_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"text", mtime=0))
    with pytest.raises(UnusableSource, match=r"not a \.tar\.gz file"):
        read(tmp_path / "x.gz")
