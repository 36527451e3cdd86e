"""Broken and hostile exports are refused with one plain sentence, and nothing is written outside."""

from __future__ import annotations

import gzip
import io
import tarfile
from typing import TYPE_CHECKING

import pytest

from portal.sources.errors import UnusableSource
from portal.sources.olx import read
from portal.sources.olx.export.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sources.conftest import Export

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><course url_name="r" org="&b;" course="c"/>'
OUTSIDE = '<!DOCTYPE x SYSTEM "file:///etc/hostname"><course url_name="r" org="o" course="c"/>'


def _tar(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(b"x" * member.size))
    return path


def _member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    member.size = 1 if kind == tarfile.REGTYPE else 0
    return member


def test_a_packed_export_reads_like_its_folder(export: Export) -> None:
    assert read(export.packed()) == export.read()


@pytest.mark.parametrize("name", ["../outside.xml", "/etc/outside.xml", "course/../../x", "a\\..\\b"])
def test_names_that_lead_outside(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableSource, match="outside its own folder"):
        read(_tar(tmp_path / "e.tar.gz", _member("course/course.xml"), _member(name)))
    assert [path.name for path in tmp_path.iterdir()] == ["e.tar.gz"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices(tmp_path: Path, kind: bytes) -> None:
    with pytest.raises(UnusableSource, match="a link or a device"):
        read(_tar(tmp_path / "e.tar.gz", _member("course/course.xml", kind, "/etc/passwd")))


def test_a_link_in_a_folder(export: Export) -> None:
    (export.folder / "static").symlink_to("/etc")
    with pytest.raises(UnusableSource, match="a link where a file belongs"):
        export.read()


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (Limits(compressed_bytes=100), "is larger than"),
        (Limits(unpacked_bytes=2_000), "unpacks to more than"),
        (Limits(members=3), "more than 3 files"),
        (Limits(text_bytes=10), "too large to be part of a course"),
    ],
)
def test_limits(export: Export, limits: Limits, sentence: str) -> None:
    with pytest.raises(UnusableSource, match=sentence):
        read(export.packed(), limits)


@pytest.mark.parametrize("limits", [Limits(unpacked_bytes=100), Limits(members=3)])
def test_limits_of_a_folder(export: Export, limits: Limits) -> None:
    with pytest.raises(UnusableSource, match="the most an export may have"):
        export.read(limits)


def test_a_picture_beyond_the_limit_is_missing(export: Export) -> None:
    export.outline('<html url_name="h">&lt;img src="/static/a.png"/&gt;</html>')
    export.write("static/a.png", b"x" * 11)
    (exam,) = export.read(Limits(asset_bytes=10)).exams
    assert exam.assets == ()


def test_no_export_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableSource, match="There is no export"):
        read(tmp_path / "gone.tar.gz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip", b"<course/>", gzip.compress(b"<course/>" * 99, mtime=0)])
def test_not_packed_as_expected(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.tar.gz"
    path.write_bytes(content)
    with pytest.raises(UnusableSource, match=r"export\.tar\.gz is not a \.tar\.gz file"):
        read(path)


def test_a_download_cut_short(export: Export) -> None:
    path = export.packed()
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UnusableSource, match="damaged"):
        read(path)


def test_an_archive_in_an_archive(tmp_path: Path) -> None:
    with pytest.raises(UnusableSource, match=r"only holds another archive, inner\.tar\.gz"):
        read(_tar(tmp_path / "e.tar.gz", _member("inner.tar.gz")))


def test_no_course(tmp_path: Path) -> None:
    with pytest.raises(UnusableSource, match=r"no course\.xml"):
        read(_tar(tmp_path / "e.tar.gz", _member("library/library.xml")))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (LAUGHS, "declares XML entities"),
        (OUTSIDE, "declares XML entities or a document type"),
        ("<course", "not well-formed"),
        ("no xml at all", "not well-formed"),
        ("", "not well-formed"),
        (b'<course org="\xff"/>', "not well-formed"),
        (
            b'<?xml version="1.0" encoding="klingon"?><course/>',
            "encoding that cannot be read|not well-formed",
        ),
        ("<library/>", "describes a library"),
        ('<course url_name="run"/>', "must name the course's org"),
        ("<course url_name='r' org='o' course='c'>" + "<a>" * 5000 + "</a>" * 5000 + "</course>", "too deeply"),
    ],
)
def test_course_xml_that_cannot_be_used(export: Export, content: str | bytes, sentence: str) -> None:
    export.write("course.xml", content)
    with pytest.raises(UnusableSource, match=sentence):
        export.read()


@pytest.mark.parametrize("levels", [101, 2_000, 100_000])
def test_a_problem_nested_too_deeply_is_listed(export: Export, levels: int) -> None:
    deep = "<div>" * levels + "</div>" * levels
    assert export.questions(f"<problem>{deep}<numericalresponse answer='1'/></problem>") == ()
    assert [part.reason for part in export.exam().unreadable] == [
        "problem/p1.xml nests its parts too deeply to be read"
    ]


@pytest.mark.parametrize("document", [LAUGHS, OUTSIDE])
def test_a_problem_with_entities_is_listed(export: Export, document: str) -> None:
    assert export.questions(document.replace("course", "problem")) == ()
    assert "declares XML entities" in export.exam().unreadable[0].reason


def test_a_section_in_two_chapters_is_one_exam(export: Export) -> None:
    export.write("course/run.xml", "<course><chapter url_name='ch'/><chapter url_name='two'/></course>")
    export.write("chapter/two.xml", "<chapter><sequential url_name='exam'/><sequential url_name='exam'/></chapter>")
    assert len(export.read().exams) == 1


def test_a_problem_nested_as_deep_as_may_be(export: Export) -> None:
    deep = "<div>" * 98 + "<numericalresponse answer='1'/>" + "</div>" * 98
    assert len(export.questions(f"<problem>{deep}</problem>")) == 1


@pytest.mark.parametrize("levels", [101, 2_000, 100_000])
def test_a_page_nested_too_deeply_is_listed(export: Export, levels: int) -> None:
    export.outline('<html url_name="h" display_name="Page"/><problem><numericalresponse answer="1"/></problem>')
    export.write("html/h.html", "<div>" * levels)
    exam = export.exam()
    assert len(exam.questions) == 1
    assert [part.reason for part in exam.unreadable] == ["it nests its parts too deeply to be read"]


def test_units_in_units_beyond_reason_are_listed(export: Export) -> None:
    export.outline('<vertical url_name="u1"/><problem><numericalresponse answer="1"/></problem>')
    for number in range(1, 2_000):
        export.write(f"vertical/u{number}.xml", f'<vertical><vertical url_name="u{number + 1}"/></vertical>')
    exam = export.exam()
    assert len(exam.questions) == 1
    assert "nests its parts too deeply" in exam.unreadable[-1].reason


def test_a_limit_nested_beyond_reason(export: Export) -> None:
    limit = "[" * 100_000
    export.write("sequential/exam.xml", f'<sequential is_time_limited="true" default_time_limit_minutes="{limit}"/>')
    (left,) = export.read().left_out
    assert left.reason == "it has no time limit; give it one in minutes"


def test_a_page_in_another_encoding_is_listed(export: Export) -> None:
    export.outline('<html url_name="h"/>')
    export.write("html/h.html", "é".encode("latin-1"))
    assert [part.reason for part in export.exam().unreadable] == ["html/h.html is not written in UTF-8"]


def test_a_section_without_its_file_is_listed(export: Export) -> None:
    export.write("chapter/ch.xml", '<chapter><sequential url_name="gone"/><sequential url_name="exam"/></chapter>')
    course = export.read()
    assert [exam.name for exam in course.exams] == ["Exam"]
    (left,) = course.left_out
    assert "no file sequential/gone.xml" in left.reason and not left.is_hidden


@pytest.mark.parametrize(
    "policy",
    ["[" * 100_000, "{", '["a list"]', "5", '{"course/run": "text"}', '{"course/run": {"start": [1]}}', '{"x": 1e400}'],
)
def test_a_policy_that_is_none(export: Export, policy: str) -> None:
    export.write("policies/run/policy.json", policy)
    try:
        course = export.read()
    except UnusableSource as refused:
        assert str(refused) == "policies/run/policy.json is not well-formed JSON."
    else:
        assert len(course.exams) + len(course.left_out) == 1


def test_characters_that_no_database_keeps(export: Export) -> None:
    half, nothing = r"\ud83d", r"\u0000"
    policy = '{"course/run": {"display_name": "A%s%sB", "x%s": "1"}, "problem/p1": {"display_name": "Q%s"}}'
    export.write("policies/run/policy.json", policy % (half, nothing, half, nothing))
    export.outline('<html url_name="h"/><problem url_name="p1"/>', 'exam_review_rules="&quot;a' + nothing + '&quot;"')
    export.write("problem/p1.xml", "<problem><numericalresponse answer='1'/></problem>")
    export.write("html/h.html", b"<p>a\0b</p>")
    course = export.read()
    (exam,) = course.exams
    written = "".join((course.name, exam.review_rules, exam.materials_html, exam.questions[0].title))
    assert written.encode() and "\0" not in written
