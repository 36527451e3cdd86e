"""One exam for its course team: its settings, whether it is ready, where its attempts stand."""

from flask import render_template
from flask.typing import ResponseReturnValue

from portal import clock
from portal.domain import exam_facts, exam_versions, import_notes, providers_kept, readiness, scores, standing, timing
from portal.models import Exam
from portal.web.guards import may_i, the_taught_exam
from portal.web.proctored.setup import allow_forms_to
from portal.web.teach import pictures
from portal.web.teach.blueprint import bp
from portal.web.teach.dashboard import has_dashboard


@bp.get("/exams/<slug>/")
def exam(slug: str) -> ResponseReturnValue:
    exam, now = the_taught_exam(slug), clock.now()
    facts = exam_facts.load_one(exam, now=now)
    counts = standing.count(exam.id)
    marks = scores.of(exam.id, facts.points)
    may = {right for right in ("open_dashboard", "manage_exam", "see_marks") if may_i(right, exam)}
    found = readiness.findings(exam, facts, now=now)
    return render_template(
        "teach/exam.html",
        exam=exam,
        facts=facts,
        findings=found,
        fine=sum(finding.tone == readiness.OK for finding in found),
        pieces=pictures.stacked(counts),
        total=sum(counts.values()),
        columns=pictures.histogram(marks, facts.points),
        marked=sum(score.learners for score in marks) if "see_marks" in may else 0,
        middle=scores.middle(marks),
        squeezed=readiness.squeezed(exam, facts, now=now),
        own=[(who, timing.own_seconds(exam, theirs) // 60) for who, theirs in facts.allowances],
        import_notes=import_notes.list_for(exam),
        now=now,
        has_dashboard=_leads_to_dashboard(exam),
        may=dict.fromkeys(may, True),
    )


def _leads_to_dashboard(exam: Exam) -> bool:
    """Whether its vendor has one; then the page's forms may end there."""
    provider = providers_kept.find(exam.provider_slug) if exam.is_proctored else None
    if provider is None or not has_dashboard(provider):
        return False
    allow_forms_to(provider)
    return True


@bp.get("/exams/<slug>/questions")
def questions(slug: str) -> ResponseReturnValue:
    """Every question with its kind and marks; what needs attention first, with the reason."""
    exam = the_taught_exam(slug, right="see_answers")
    version = exam_facts.load_one(exam, now=clock.now()).version
    number = version.id if version else 0
    return render_template(
        "teach/questions.html",
        exam=exam,
        version=version,
        questions=exam_versions.questions(number),
        unreadable=exam_versions.unreadable(number),
    )
