"""Files as answers: received in pieces, complete when every byte is here, kept apart when they come too late."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session, joinedload, undefer

from portal.db import db
from portal.domain.answers import answers, kinds
from portal.domain.answers.kinds import file as file_answers
from portal.domain.errors import BadInput, Conflict, NotFound
from portal.domain.timekeeping import exam_clock
from portal.models import Answer, AnswerFile, AnswerFilePart, Attempt, Question

LARGEST_FILE_BYTES = 20 * 1024 * 1024
LARGEST_PART_BYTES = 1024 * 1024
LONGEST_NAME = 200
MOST_FILES = 20
"""For one question of one attempt; each is kept."""
ABANDONED_AFTER = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What the page says of a file before it sends it."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str | None = None
    """Of all its bytes. Without it an upload begins again: another file may have the same name and size."""


def begin(attempt: Attempt, question_id: int, announced: Announced, *, now: datetime) -> AnswerFile:
    """Announce a file. The same that is still under way continues where it stopped; sent again, it is the same one.

    What was begun before the deadline may continue until the hard stop. Another file that is under way is given up.
    What is begun later is received all the same and kept apart, as a late text is.

    :raises BadInput: empty, too large, not a question for files, or the question has enough files.
    """
    question = db.session.get(Question, question_id)
    if question is None or question.exam_version_id != attempt.exam_version_id:
        raise NotFound("This question is not part of your exam.")
    if not kinds.of(question).takes_files:
        raise BadInput("file", "This question does not accept files.")
    if not 0 < announced.size_bytes <= LARGEST_FILE_BYTES:
        raise BadInput("file", "Choose a file that is not empty and not larger than 20 MB.")
    may_write = answers.may_write(attempt, now=now)
    if known := _known(attempt, question, announced, is_in_time=may_write):
        return known
    deadline_at = exam_clock.deadline_of(attempt, now=now)
    is_late = not may_write or deadline_at is None or now >= deadline_at
    if not is_late:
        _give_up(db.session(), _unfinished(attempt.id, question.id))
    _check_count(attempt, question)
    return _new(attempt, question, announced, is_late=is_late, now=now)


def receive(file: AnswerFile, attempt: Attempt, start_byte: int, content: bytes, *, now: datetime) -> bool:
    """Keep the next piece; True when the file is complete. A repeated piece is harmless.

    In time it is now the answer; a file of which a piece came after the hard stop is kept apart (``is_late``).
    A file whose bytes are not the announced ones stands at its beginning again.

    :raises Conflict: the piece does not follow what is here; ``current`` says where to continue.
    :raises BadInput: more bytes than announced.
    """
    if file.completed_at is not None:
        return True  # The page never heard of it.
    if not answers.may_write(attempt, now=now):
        file.is_late = True
    if start_byte + len(content) <= file.received_bytes:
        return False
    if start_byte != file.received_bytes:
        current: dict[str, object] = {"received_bytes": file.received_bytes}
        raise Conflict("Continue the upload from the last byte received.", current=current)
    if start_byte + len(content) > file.size_bytes or len(content) > LARGEST_PART_BYTES:
        raise BadInput("file", "The file is larger than expected. Choose it again.")
    db.session.add(AnswerFilePart(file_id=file.id, start_byte=start_byte, content=content))
    file.received_bytes += len(content)
    if file.received_bytes < file.size_bytes:
        return False
    if not _is_as_announced(file):
        return False
    _complete(file, attempt, now=now)
    return True


def find(attempt: Attempt, file_id: int) -> AnswerFile:
    """:raises NotFound: unless it is a file of this attempt."""
    file = db.session.get(AnswerFile, file_id)
    if file is None or file.attempt_id != attempt.id:
        raise NotFound("There is no such file in this attempt.")
    return file


def content(file: AnswerFile) -> bytes:
    parts = select(AnswerFilePart).where(AnswerFilePart.file_id == file.id).order_by(AnswerFilePart.start_byte)
    return b"".join(part.content for part in db.session.scalars(parts.options(undefer(AnswerFilePart.content))))


def forget_abandoned(session: Session, now: datetime) -> int:
    """Uploads of which nothing ever arrived; how many were dropped. What arrived in part is kept, and shown."""
    old = (AnswerFile.completed_at.is_(None), AnswerFile.begun_at <= now - ABANDONED_AFTER)
    empty = select(AnswerFile.id).where(*old, AnswerFile.received_bytes == 0)
    return _give_up(session, list(session.scalars(empty)))


def list_for(attempt: Attempt, questions: Sequence[Question]) -> list[AnswerFile]:
    """Every file of the attempt of which at least a byte arrived, oldest first; most exams ask for none."""
    if not any(kinds.of(question).takes_files for question in questions):
        return []
    query = select(AnswerFile).where(AnswerFile.attempt_id == attempt.id, AnswerFile.received_bytes > 0)
    return list(db.session.scalars(query.order_by(AnswerFile.id).options(joinedload(AnswerFile.question))))


def apart(attempt: Attempt, files: Sequence[AnswerFile]) -> list[AnswerFile]:
    """Those that are no answer because they came late, or in part before the attempt ended."""
    return [one for one in files if one.is_late or (one.completed_at is None and not attempt.is_running)]


def earlier(files: Sequence[AnswerFile], given: Mapping[int, Answer]) -> list[AnswerFile]:
    """Those that were an answer until another took their place or they were taken back; ``given``: by question."""
    shown = {file_answers.number_in(one.value) for one in given.values()}
    return [one for one in files if one.completed_at is not None and not one.is_late and one.id not in shown]


def _is_as_announced(file: AnswerFile) -> bool:
    """Whether these are the bytes that were announced; of others none is kept."""
    db.session.flush()  # The digest reads every piece back.
    sha256 = _digest(file)
    if file.sha256 in (None, sha256):
        file.sha256 = sha256
        return True
    db.session.execute(delete(AnswerFilePart).where(AnswerFilePart.file_id == file.id))
    file.received_bytes = 0
    return False


def _digest(file: AnswerFile) -> str:
    """Piece by piece, so that no large file stands in memory at once."""
    parts = select(AnswerFilePart.content).where(AnswerFilePart.file_id == file.id).order_by(AnswerFilePart.start_byte)
    digest = hashlib.sha256()
    for part in db.session.scalars(parts.execution_options(yield_per=4)):
        digest.update(part)
    return digest.hexdigest()


def _known(attempt: Attempt, question: Question, announced: Announced, *, is_in_time: bool) -> AnswerFile | None:
    """The same file as it stands: under way, the present answer, or kept apart already."""
    if announced.sha256 is None:
        return None
    query = select(AnswerFile).where(
        AnswerFile.attempt_id == attempt.id,
        AnswerFile.question_id == question.id,
        AnswerFile.name == announced.name[:LONGEST_NAME],
        AnswerFile.size_bytes == announced.size_bytes,
        AnswerFile.sha256 == announced.sha256,
    )
    found = db.session.scalar(query.order_by(AnswerFile.id.desc()).limit(1))
    if found is None or found.completed_at is None or (found.is_late and not is_in_time):
        return found
    answer = answers.list_for(attempt).get(question.id)
    return found if answer is not None and file_answers.number_in(answer.value) == found.id else None


def _unfinished(attempt_id: int, question_id: int) -> list[int]:
    mine = (AnswerFile.attempt_id == attempt_id, AnswerFile.question_id == question_id, AnswerFile.is_late.is_(False))
    return list(db.session.scalars(select(AnswerFile.id).where(*mine, AnswerFile.completed_at.is_(None))))


def _give_up(session: Session, file_ids: list[int]) -> int:
    session.execute(delete(AnswerFilePart).where(AnswerFilePart.file_id.in_(file_ids)))
    result = session.execute(delete(AnswerFile).where(AnswerFile.id.in_(file_ids)))
    return result.rowcount if isinstance(result, CursorResult) else 0


def _check_count(attempt: Attempt, question: Question) -> None:
    mine = (AnswerFile.attempt_id == attempt.id, AnswerFile.question_id == question.id)
    if (db.session.scalar(select(func.count(AnswerFile.id)).where(*mine)) or 0) >= MOST_FILES:
        # Not "too many for now": waiting does not help, and a page that was told to wait would wait for ever.
        raise BadInput(
            "file", "You have already uploaded %(most)s files for this question, which is the limit.", most=MOST_FILES
        )


def _new(attempt: Attempt, question: Question, announced: Announced, *, is_late: bool, now: datetime) -> AnswerFile:
    file = AnswerFile(
        attempt_id=attempt.id,
        question_id=question.id,
        name=announced.name[:LONGEST_NAME] or "file",
        media_type=announced.media_type[:100],
        size_bytes=announced.size_bytes,
        sha256=announced.sha256,
        received_bytes=0,
        begun_at=now,
        is_late=is_late,
    )
    db.session.add(file)
    db.session.flush()  # The page needs its number to send the pieces.
    return file


def _complete(file: AnswerFile, attempt: Attempt, *, now: datetime) -> None:
    file.completed_at = now
    if file.is_late:
        return
    mine = select(Answer).where(Answer.attempt_id == attempt.id, Answer.question_id == file.question_id)
    answer = db.session.scalar(mine)
    if answer is None:
        answer = Answer(attempt_id=attempt.id, question_id=file.question_id, version=0)
        db.session.add(answer)
    attempt.answered_count += int(file_answers.number_in(answer.value) is None)
    answer.value = file_answers.value_of(file)
    answer.version += 1
    answer.saved_at = attempt.saved_at = now
    answer.in_grace = attempt.deadline_at is not None and now > attempt.deadline_at
