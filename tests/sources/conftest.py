"""Small exports made for each test, and the large one that others wrote, where it is at hand."""

import tarfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from portal.domain.courses.published import CoursePublished, ExamPublished, QuestionPublished
from portal.sources.olx import read
from portal.sources.olx.export.limits import Limits

SHARED = Path(__file__).parents[3] / "shared" / "data"
TIMED = '<sequential display_name="Exam" is_time_limited="true" default_time_limit_minutes="30" {more}>'


@dataclass
class Export:
    """A course with one timed section, `exam`, and one unit, `unit`, in a folder of its own."""

    folder: Path

    def write(self, name: str, content: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def outline(self, unit: str, more: str = "") -> None:
        self.write("course.xml", '<course url_name="run" org="Org" course="C1"/>')
        self.write("course/run.xml", '<course display_name="A course"><chapter url_name="ch"/></course>')
        self.write("chapter/ch.xml", '<chapter><sequential url_name="exam"/></chapter>')
        section = f'{TIMED.format(more=more)}<vertical url_name="unit"/></sequential>'
        self.write("sequential/exam.xml", section)
        self.write("vertical/unit.xml", f'<vertical display_name="Unit">{unit}</vertical>')

    def questions(self, problem: str) -> tuple[QuestionPublished, ...]:
        """The questions that a problem with this XML becomes."""
        self.outline('<problem url_name="p1"/>')
        self.write("problem/p1.xml", problem)
        return self.exam().questions

    def exam(self) -> ExamPublished:
        (exam,) = self.read().exams
        return exam

    def read(self, limits: Limits | None = None, *, now: datetime | None = None) -> CoursePublished:
        return read(self.folder, limits, now=now)

    def packed(self) -> Path:
        path = self.folder.with_name("export.tar.gz")
        with tarfile.open(path, "w:gz") as tar:
            tar.add(self.folder, arcname="course")
        return path


@pytest.fixture
def export(tmp_path: Path) -> Export:
    folder = tmp_path / "course"
    folder.mkdir()
    made = Export(folder)
    made.outline("")
    return made


@pytest.fixture
def shared() -> Path:
    """The folder with exports that others wrote."""
    if not SHARED.is_dir():
        pytest.skip("the exports that others wrote are not next to this project")
    return SHARED
