"""Files as answers: begun before the deadline, received in pieces, complete when every byte is here."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal.db import db
from portal.domain import answers
from portal.domain.errors import BadInput, Conflict, NotFound, TooLate
from portal.models import Answer, AnswerFile, AnswerFilePart, Attempt, Question, QuestionKind

LARGEST_FILE_BYTES = 20 * 1024 * 1024
LARGEST_PART_BYTES = 1024 * 1024
LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What the page says of a file before it sends it."""

    name: str
    media_type: str
    size_bytes: int


def begin(attempt: Attempt, question_id: int, announced: Announced, *, now: datetime) -> AnswerFile:
    """Announce a file. The same name and size that is still under way goes on where it stopped.

    :raises TooLate: the deadline has passed. :raises BadInput: empty, too large, or not a question for files.
    """
    question = db.session.get(Question, question_id)
    if question is None or question.exam_version_id != attempt.exam_version_id:
        raise NotFound("This question is not part of your exam.")
    if question.kind is not QuestionKind.FILE:
        raise BadInput("file", "This question is not answered with a file.")
    if not 0 < announced.size_bytes <= LARGEST_FILE_BYTES:
        raise BadInput("file", "Choose a file that is not empty and not larger than 20 MB.")
    if attempt.deadline_at is None or now >= attempt.deadline_at or not answers.may_write(attempt, now=now):
        raise TooLate("Your time is up, so no new file can be begun.")
    return _under_way(attempt, question, announced) or _new(attempt, question, announced, now=now)


def receive(file: AnswerFile, attempt: Attempt, start_byte: int, content: bytes, *, now: datetime) -> bool:
    """Keep the next piece; True when the file is complete and is now the answer. A repeated piece is harmless.

    :raises Conflict: the piece does not follow what is here; ``current`` says where to go on.
    :raises TooLate: past the hard stop. :raises BadInput: more bytes than announced.
    """
    if not answers.may_write(attempt, now=now):
        raise TooLate("Your exam has ended; this file did not arrive in time.")
    if start_byte + len(content) <= file.received_bytes:
        return file.completed_at is not None
    if start_byte != file.received_bytes:
        raise Conflict("Send the file from where it stopped.", current={"received_bytes": file.received_bytes})
    if start_byte + len(content) > file.size_bytes or len(content) > LARGEST_PART_BYTES:
        raise BadInput("file", "The file sends more than it announced. Choose it again.")
    db.session.add(AnswerFilePart(file_id=file.id, start_byte=start_byte, content=content))
    file.received_bytes += len(content)
    if file.received_bytes < file.size_bytes:
        return False
    db.session.flush()  # The digest reads every piece back.
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


def _under_way(attempt: Attempt, question: Question, announced: Announced) -> AnswerFile | None:
    query = select(AnswerFile).where(
        AnswerFile.attempt_id == attempt.id,
        AnswerFile.question_id == question.id,
        AnswerFile.name == announced.name[:LONGEST_NAME],
        AnswerFile.size_bytes == announced.size_bytes,
        AnswerFile.completed_at.is_(None),
    )
    return db.session.scalar(query.order_by(AnswerFile.id.desc()).limit(1))


def _new(attempt: Attempt, question: Question, announced: Announced, *, now: datetime) -> AnswerFile:
    file = AnswerFile(
        attempt_id=attempt.id,
        question_id=question.id,
        name=announced.name[:LONGEST_NAME] or "file",
        media_type=announced.media_type[:100],
        size_bytes=announced.size_bytes,
        received_bytes=0,
        begun_at=now,
    )
    db.session.add(file)
    db.session.flush()  # The page needs its number to send the pieces.
    return file


def _complete(file: AnswerFile, attempt: Attempt, *, now: datetime) -> None:
    file.sha256 = hashlib.sha256(content(file)).hexdigest()
    file.completed_at = now
    mine = select(Answer).where(Answer.attempt_id == attempt.id, Answer.question_id == file.question_id)
    answer = db.session.scalar(mine)
    if answer is None:
        answer = Answer(attempt_id=attempt.id, question_id=file.question_id, version=0)
        db.session.add(answer)
    attempt.answered_count += int(answers.is_blank(answer.value))
    answer.value = {"file": file.id, "name": file.name, "size_bytes": file.size_bytes}
    answer.version += 1
    answer.saved_at = attempt.saved_at = now
    answer.in_grace = attempt.deadline_at is not None and now > attempt.deadline_at
