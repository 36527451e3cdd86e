"""Each kind of support case has its row in every table that is keyed by them: a new one cannot be half done."""

from portal.domain.outbox import case_recipients
from portal.domain.reviews import report_cases
from portal.jobs.topics import cases as emails_about_cases
from portal.models import CaseKind
from portal.web.review import labels
from portal.web.teach.courses import cases

SUSPICIOUS = {CaseKind.SUSPICIOUS}


def test_each_email_about_a_case_has_a_subject_of_its_own():
    assert set(emails_about_cases.SUBJECTS) == set(CaseKind)
    assert len(set(emails_about_cases.SUBJECTS.values())) == len(CaseKind)


def test_the_list_of_cases_has_a_word_of_its_own_for_each():
    assert set(cases.KINDS) == set(CaseKind)
    assert len({sign.words for sign in cases.KINDS.values()}) == len(CaseKind)


def test_what_waits_for_a_reviewer_says_so_in_the_queue_and_is_answered_there():
    assert set(labels.REPORTS) == report_cases.WAITS_FOR_REVIEWER
    assert report_cases.WAITS_FOR_REVIEWER | {CaseKind.APPEAL} == case_recipients.FOR_REVIEWERS
    assert report_cases.ANSWERED_BY_DECISION == report_cases.WAITS_FOR_REVIEWER | SUSPICIOUS
