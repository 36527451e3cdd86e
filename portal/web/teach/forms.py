"""The forms of the course team's pages."""

from decimal import Decimal, InvalidOperation

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from portal.models import AllowanceKind
from portal.web.choices import choices

KINDS = {
    AllowanceKind.EXTRA_MINUTES: "Extra minutes",
    AllowanceKind.MULTIPLIER: "Times the minutes (such as 1.5)",
    AllowanceKind.LONGER_WINDOW: "Open for longer, in minutes",
}
REASON = (DataRequired("Say why. The reason is kept with the change."), Length(max=500))


class ReasonForm(FlaskForm):
    """For a deed that needs no more than a reason."""

    reason = StringField("Reason", REASON, description="The course team reads it; the learner does not.")

    @property
    def why(self) -> str:
        return (self.reason.data or "").strip()


class ResumeForm(ReasonForm):
    extra_minutes = IntegerField(
        "Extra minutes",
        [InputRequired("Give a whole number of minutes; 0 for none.")],
        default=0,
        description="On top of what was kept. 0 for none.",
    )


class AddTimeForm(ReasonForm):
    minutes = IntegerField(
        "Minutes",
        [InputRequired("Give a whole number of minutes, such as 15.")],
        description="A negative number takes time away, never to less than 5 minutes from now.",
    )
    extends_window = BooleanField("Let the exam close later for this learner, so that all of it fits")

    @property
    def given(self) -> int:
        return self.minutes.data or 0


class AllowanceForm(FlaskForm):
    email = StringField("Learner's mail address", [DataRequired("Give the mail address of the learner.")])
    exam = SelectField("Exam")
    kind = SelectField("What", choices=choices({kind.value: words for kind, words in KINDS.items()}))
    amount = StringField(
        "How much",
        [DataRequired("Give a number: minutes such as 15, or how many times such as 1.5.")],
        description="Minutes, or for a multiplier how many times the usual length.",
    )
    reason = TextAreaField(
        "Reason",
        [Optional(), Length(max=500)],
        description="Where it comes from, such as the office that asked for it.",
    )

    @property
    def terms_kind(self) -> AllowanceKind:
        return AllowanceKind(self.kind.data)

    @property
    def minutes(self) -> int | None:
        return None if self.terms_kind is AllowanceKind.MULTIPLIER else int(number(self.amount.data))

    @property
    def percent(self) -> int | None:
        is_multiplier = self.terms_kind is AllowanceKind.MULTIPLIER
        return round(number(self.amount.data) * 100) if is_multiplier else None

    def validate_amount(self, field: Field) -> None:
        try:
            amount = number(field.data)
        except InvalidOperation:
            raise ValidationError("Give a number: minutes such as 15, or how many times such as 1.5.") from None
        is_multiplier = self.kind.data == AllowanceKind.MULTIPLIER
        if is_multiplier and not 1 < amount <= 10:
            raise ValidationError("A multiplier is more than 1 and at most 10, such as 1.5.")
        if not is_multiplier and (amount != int(amount) or not 0 < amount <= 10080):
            raise ValidationError("Give whole minutes between 1 and 10080 (one week).")


def number(text: str | None) -> Decimal:
    """A number as people write it, with a comma or a point. :raises InvalidOperation: if it is none."""
    amount = Decimal((text or "").strip().replace(",", "."))
    if not amount.is_finite():
        raise InvalidOperation
    return amount
