"""The forms of the course team's pages."""

from flask import request
from wtforms import BooleanField, Field, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from portal.domain.text import numbers
from portal.models import AllowanceKind
from portal.web.formatting.choices import choices
from portal.web.gate.plain_form import PlainForm

KINDS = {
    AllowanceKind.EXTRA_MINUTES: "Extra minutes",
    AllowanceKind.MULTIPLIER: "Time multiplier, such as 1.5",
    AllowanceKind.LONGER_WINDOW: "Longer window, in minutes",
    AllowanceKind.BREAK_BANK: "Breaks, total minutes",
    AllowanceKind.REVIEW_POLICY_EXCEPTION: "Note for the proctor",
}
#: The hidden field that says that a form of boxes was sent.
FILLED_IN = "filled_in"
REASON = (DataRequired("Enter a reason. It is saved with the change."), Length(max=500))


class WholeField(IntegerField):
    """A whole number of at most nine digits, so that nothing is ever reckoned with a longer one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = numbers.whole(valuelist[0])
            except ValueError:
                raise ValueError("Enter a whole number, such as 15.") from None


def was_filled_in(form: PlainForm) -> bool:
    """Whether anything of ``form`` was sent: a field, or the mark of a form that has nothing but boxes.

    An unticked box is not sent at all, so without this an empty request would switch everything off.
    """
    return FILLED_IN in request.form or any(name in request.form for name in form._fields if name != "csrf_token")


class ReasonForm(PlainForm):
    """For what needs no more than a reason."""

    reason = StringField("Reason", REASON, description="Only the course team can see this.")

    @property
    def why(self) -> str:
        return (self.reason.data or "").strip()


class ResumeForm(ReasonForm):
    extra_minutes = WholeField(
        "Extra minutes",
        [InputRequired("Enter a whole number of minutes, or 0 for none.")],
        default=0,
        description="Added to the remaining time. Enter 0 for none.",
    )


class PauseForm(ReasonForm):
    learner_may_end = BooleanField("Let the learner resume the clock on their exam page")


class ReopenForm(ReasonForm):
    minutes = WholeField(
        "Minutes",
        [InputRequired("Enter a whole number of minutes, such as 10.")],
        description="Counted from now, regardless of the time left at submission. The clock starts immediately.",
    )


class AddTimeForm(ReasonForm):
    minutes = WholeField(
        "Minutes",
        [InputRequired("Enter a whole number of minutes, such as 15.")],
        description="A negative number removes time. At least 5 minutes always remain.",
    )
    extends_window = BooleanField("Extend the closing time for this learner so that all minutes count")
    seen = HiddenField()
    """The revision of the clock that the page showed."""

    @property
    def given(self) -> int:
        return self.minutes.data or 0

    @property
    def seen_revision(self) -> int | None:
        seen = self.seen.data or ""
        return int(seen) if seen.isdecimal() and len(seen) < 9 else None


class AllowanceForm(PlainForm):
    email = StringField("Learner's email address", [DataRequired("Enter the learner's email address.")])
    exam = SelectField("Exam")
    kind = SelectField("Kind", choices=choices({kind.value: words for kind, words in KINDS.items()}))
    amount = StringField(
        "Amount", description="Minutes, or a multiplier of the standard time such as 1.5. Leave empty for a note."
    )
    note = StringField(
        "Note",
        description="Only for a note for the proctor. Say what this learner may do, such as look away or take "
        "medicine. The provider, the reviewers and the learner can see it.",
    )
    reason = TextAreaField(
        "Reason",
        REASON,
        description="Who requested the allowance, such as an office.",
    )

    @property
    def terms_kind(self) -> AllowanceKind:
        return AllowanceKind(self.kind.data)

    @property
    def minutes(self) -> int | None:
        is_minutes = self.terms_kind not in {AllowanceKind.MULTIPLIER, AllowanceKind.REVIEW_POLICY_EXCEPTION}
        return int(numbers.amount(self.amount.data)) if is_minutes else None

    @property
    def percent(self) -> int | None:
        is_multiplier = self.terms_kind is AllowanceKind.MULTIPLIER
        return round(numbers.amount(self.amount.data) * 100) if is_multiplier else None

    def validate_note(self, field: Field) -> None:
        if self.kind.data != AllowanceKind.REVIEW_POLICY_EXCEPTION and (field.data or "").strip():
            raise ValidationError("Choose Note for the proctor to grant this note, or leave it empty.")

    def validate_amount(self, field: Field) -> None:
        if self.kind.data == AllowanceKind.REVIEW_POLICY_EXCEPTION:
            return
        try:
            amount = numbers.amount(field.data)
        except ValueError:
            raise ValidationError("Enter minutes such as 15, or a multiplier such as 1.5.") from None
        is_multiplier = self.kind.data == AllowanceKind.MULTIPLIER
        if is_multiplier and not 1 < amount <= 10:
            raise ValidationError("Enter a multiplier above 1 and up to 10, such as 1.5.")
        if not is_multiplier and (amount != int(amount) or not 0 < amount <= 10080):
            raise ValidationError("Enter whole minutes between 1 and 10080 (one week).")
