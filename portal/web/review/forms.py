"""The forms of the review console."""

from collections.abc import Mapping, Sequence

from flask import request
from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.domain.reviews.decisions import WORDS
from portal.domain.reviews.verdicts import REASONS, Decided
from portal.models import ReviewComment, Verdict
from portal.web.formatting.choices import choices
from portal.web.gate.plain_form import PlainForm


class DecisionForm(PlainForm):
    seen = HiddenField()
    """What stood there when the page was made."""
    verdict = RadioField(
        "Decision",
        [InputRequired("Choose accept, second review or not accepted.")],
        choices=choices({verdict.value: words for verdict, words in WORDS.items()}),
    )
    reason_code = SelectField("Reason", choices=choices({"": "Choose a reason", **REASONS}), default="")
    sentence = TextAreaField("Message to the learner", [Optional(), Length(max=1000)])
    note = TextAreaField("Note for the team", [Optional(), Length(max=2000)])
    without_incident = BooleanField("Reject without an incident")
    """Asked for only when a rejection rests on none."""

    @property
    def decided(self) -> Decided:
        return Decided(
            verdict=Verdict(self.verdict.data),
            reason_code=self.reason_code.data or "",
            sentence=(self.sentence.data or "").strip(),
            note=(self.note.data or "").strip(),
            without_incident=bool(self.without_incident.data),
        )


def marks_given(incidents: Sequence[ReviewComment]) -> Mapping[int, str]:
    """What the form says about each incident; nothing for those it does not name."""
    named = {one.id: request.form.get(f"mark-{one.id}") for one in incidents}
    return {number: word for number, word in named.items() if word is not None}


class AppealAnswerForm(PlainForm):
    answer = TextAreaField(
        "Answer to the learner", [InputRequired("Write your answer to the learner."), Length(max=5000)]
    )
    outcome = RadioField(
        "Outcome",
        [InputRequired("Choose an outcome.")],
        choices=choices({"stays": "Keep decision", "accepts": "Accept exam"}),
    )
