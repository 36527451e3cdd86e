"""The questions of an exam as they are stored: made from what was published, told apart by a fingerprint."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, bindparam, cast, delete, func, select

from portal.db import db
from portal.db.fast import prepared
from portal.db.loading import Loading
from portal.domain.courses.published import AssetPublished, ExamPublished, QuestionPublished, Unreadable
from portal.domain.text.sanitising import ASSET, clean
from portal.models import Asset, Attempt, Exam, ExamVersion, Question, UnreadableContent


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a version holds, sanitised and ready to store."""

    questions: tuple[dict[str, object], ...]
    originals: tuple[str, ...]
    materials_html: str
    unreadable: tuple[Unreadable, ...]

    @property
    def answerable(self) -> int:
        return sum(question["problem"] is None for question in self.questions)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all that a learner, the marking or the course team would notice."""
        # The name that a problem had in the first versions: every fingerprint that is stored was made with it.
        questions = [
            {"attention" if name == "problem" else name: value for name, value in one.items()} for one in self.questions
        ]
        noticed = [questions, self.materials_html, [(u.name, u.kind, u.reason) for u in self.unreadable]]
        text = json.dumps(noticed, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def content_of(exam: ExamPublished) -> Content:
    """Sanitise what was published. Pictures are named by their content, so a changed picture is a change."""
    addresses = {f"{ASSET}{asset.name}": f"{ASSET}{sha256_of(asset)}" for asset in exam.assets}
    questions = [_question(question, addresses) for question in exam.questions]
    return Content(
        questions=tuple(questions),
        originals=tuple(question.original for question in exam.questions),
        materials_html=clean(exam.materials_html, addresses),
        unreadable=exam.unreadable,
    )


def sha256_of(asset: AssetPublished) -> str:
    return hashlib.sha256(asset.content).hexdigest()


def find_latest(exam_id: int) -> ExamVersion | None:
    """The newest version of an exam; None before its questions were published."""
    return _newest().one(db.session(), {"exam": exam_id})


def latest_of(exam_ids: Collection[int]) -> dict[int, ExamVersion]:
    """The newest version of each of these exams, in one query."""
    newest = (
        select(ExamVersion.exam_id, func.max(ExamVersion.number).label("number"))
        .where(ExamVersion.exam_id.in_(exam_ids))
        .group_by(ExamVersion.exam_id)
        .subquery()
    )
    is_newest = (ExamVersion.exam_id == newest.c.exam_id) & (ExamVersion.number == newest.c.number)
    found = db.session.scalars(select(ExamVersion).join(newest, is_newest))
    return {version.exam_id: version for version in found}


@prepared
def _newest(*, is_held: bool = False) -> Loading[ExamVersion]:
    """Built once: every start asks it."""
    of_exam = ExamVersion.exam_id == bindparam("exam")
    return Loading(ExamVersion, where=[of_exam], order_by=[ExamVersion.number.desc()], most=1, is_held=is_held)


def store(exam: Exam, content: Content, *, now: datetime) -> ExamVersion:
    """Make ``content`` the exam's newest version. The same content again changes nothing.

    A version that learners have met (frozen) is left alone and followed by a new one; one that nobody has met
    is replaced. The latest row is held while we look, so that nobody begins an attempt on half of it.
    """
    latest = _newest(is_held=True).one(db.session(), {"exam": exam.id})
    if latest is not None and latest.fingerprint == content.fingerprint:
        return latest
    if latest is None or latest.frozen_at is not None:
        latest = ExamVersion(exam_id=exam.id, number=latest.number + 1 if latest else 1)
        db.session.add(latest)
    else:
        _empty(latest)
    latest.fingerprint = content.fingerprint
    latest.materials_html = content.materials_html
    latest.question_count = content.answerable
    latest.created_at = now
    db.session.flush()  # Its questions need its number.
    _fill(latest, content)
    return latest


def store_assets(course_id: int, assets: Sequence[AssetPublished]) -> None:
    """Keep each picture once per course."""
    known = set(db.session.scalars(select(Asset.sha256).where(Asset.course_id == course_id)))
    for asset in assets:
        sha256 = sha256_of(asset)
        if sha256 in known:
            continue
        known.add(sha256)
        db.session.add(
            Asset(
                course_id=course_id,
                sha256=sha256,
                name=asset.name,
                media_type=asset.media_type,
                content=asset.content,
            )
        )


def questions(version_id: int) -> Sequence[Question]:
    """Every question, in the order of the exam, also those that learners are not shown."""
    query = select(Question).where(Question.exam_version_id == version_id)
    return db.session.scalars(query.order_by(Question.position)).all()


def unreadable(version_id: int) -> Sequence[UnreadableContent]:
    """What could not be read when it was published."""
    query = select(UnreadableContent).where(UnreadableContent.exam_version_id == version_id)
    return db.session.scalars(query.order_by(UnreadableContent.id)).all()


def asset_of(attempt: Attempt, sha256: str) -> Asset | None:
    """A picture, if it stands in this attempt's materials or in one of its questions."""
    found = db.session.scalar(select(Asset).filter_by(course_id=attempt.exam.course_id, sha256=sha256))
    shown = select(Question.id).where(
        Question.exam_version_id == attempt.exam_version_id,
        (Question.text_html + cast(Question.choices, String)).contains(sha256),
    )
    is_in_materials = sha256 in attempt.exam_version.materials_html
    is_shown = found is not None and (is_in_materials or db.session.scalar(shown.limit(1)) is not None)
    return found if is_shown else None


def _question(question: QuestionPublished, addresses: Mapping[str, str]) -> dict[str, object]:
    return {
        "content_id": question.content_id,
        "kind": question.kind,
        "title": question.title,
        "text_html": clean(question.text_html, addresses),
        "choices": [{"id": choice.id, "html": clean(choice.html, addresses)} for choice in question.choices],
        "key": question.key,
        "points": question.points,
        "group": question.group,
        "problem": question.problem,
        # Only where there is one, so that questions without keep the fingerprint they had.
        **({"unit_html": clean(question.unit, addresses)} if question.unit else {}),
    }


def _empty(version: ExamVersion) -> None:
    for part in (Question, UnreadableContent):
        db.session.execute(delete(part).where(part.exam_version_id == version.id))


def _fill(version: ExamVersion, content: Content) -> None:
    for position, (question, original) in enumerate(zip(content.questions, content.originals, strict=True), start=1):
        db.session.add(Question(exam_version_id=version.id, position=position, original=original, **question))
    for part in content.unreadable:
        db.session.add(
            UnreadableContent(exam_version_id=version.id, name=part.name, kind=part.kind, reason=part.reason)
        )
