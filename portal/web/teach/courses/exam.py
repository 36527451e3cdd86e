"""One exam for its course team: its settings, whether it is ready, where its attempts stand."""

from flask import render_template
from flask.typing import ResponseReturnValue

from portal import clock
from portal.domain.answers import scores
from portal.domain.attempts import display_status
from portal.domain.courses import import_notes, versions
from portal.domain.providers import lookup
from portal.domain.readiness import checklist
from portal.domain.readiness import facts as exam_facts
from portal.domain.timekeeping import budget
from portal.models import Exam, Right
from portal.web.gate.guards import may_i, the_taught_exam
from portal.web.gate.security import allow_forms_to
from portal.web.teach import charts
from portal.web.teach.blueprint import bp
from portal.web.teach.providers.dashboard import has_dashboard


@bp.get("/exams/<slug>/")
def exam(slug: str) -> ResponseReturnValue:
    exam, now = the_taught_exam(slug), clock.now()
    facts = exam_facts.load_one(exam, now=now)
    counts = display_status.count(exam.id)
    marks = scores.of(exam.id, facts.points)
    found = checklist.findings(exam, facts, now=now)
    return render_template(
        "teach/courses/exam.html",
        exam=exam,
        facts=facts,
        findings=found,
        fine=sum(finding.tone == checklist.OK for finding in found),
        pieces=charts.stacked(counts),
        total=sum(counts.values()),
        columns=charts.histogram(marks, facts.points),
        marked=sum(score.learners for score in marks) if may_i(Right.SEE_MARKS, exam) else 0,
        middle=scores.middle(marks),
        squeezed=checklist.squeezed(exam, facts, now=now),
        own=[(who, budget.own_seconds(exam, theirs) // 60) for who, theirs in facts.allowances],
        import_notes=import_notes.list_for(exam),
        now=now,
        has_dashboard=_leads_to_dashboard(exam),
    )


def _leads_to_dashboard(exam: Exam) -> bool:
    """Whether its provider has one; then the page's forms may end there."""
    provider = lookup.find(exam.provider_slug) if exam.is_proctored else None
    if provider is None or not has_dashboard(provider):
        return False
    allow_forms_to(provider)
    return True


@bp.get("/exams/<slug>/questions")
def questions(slug: str) -> ResponseReturnValue:
    """Every question with its kind and marks; what needs attention first, with the reason."""
    exam = the_taught_exam(slug, right=Right.SEE_ANSWERS)
    version = exam_facts.load_one(exam, now=clock.now()).version
    number = version.id if version else 0
    return render_template(
        "teach/courses/questions.html",
        exam=exam,
        version=version,
        questions=versions.questions(number),
        unreadable=versions.unreadable(number),
    )
