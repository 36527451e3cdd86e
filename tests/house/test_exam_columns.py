"""Each column of an exam is set by somebody: by the course's export, by the portal, or by the course team."""

from pathlib import Path

from portal.domain.courses.exam_settings import OF_COLUMN
from portal.models import Exam

PUBLISHING = Path(__file__).parents[2] / "portal/domain/courses/publishing.py"
#: What says which exam it is, and when it was last published.
OWN = {"id", "slug", "course_id", "content_id", "updated_at"}
#: What the course's export says, or follows from it.
OF_EXPORT = {
    "name", "time_limit_minutes", "opens_at", "closes_at", "is_proctored", "is_practice", "is_onboarding", "is_active",
    "hide_after_due", "may_decline", "provider_slug", "review_rules", "maximum_attempts",
}  # fmt: skip


def test_each_column_has_one_owner():
    columns = {column.name for column in Exam.__table__.columns}
    assert sorted(columns) == sorted([*OWN, *OF_EXPORT, *OF_COLUMN])


def test_an_export_writes_no_setting_of_the_team():
    text = PUBLISHING.read_text()
    assert [column for column in OF_COLUMN if column in text] == []
