"""The kinds of response a problem may hold: for each, what the learner does and which answer is right."""

from portal.sources.olx.problems.responses.answered import Answered, Asked, Reader, Unanswerable
from portal.sources.olx.problems.responses.choices import read_choice, read_choices, read_option
from portal.sources.olx.problems.responses.numbers import read_number
from portal.sources.olx.problems.responses.texts import read_text

READERS: dict[str, Reader] = {
    "multiplechoiceresponse": read_choice,
    "choiceresponse": read_choices,
    "optionresponse": read_option,
    "stringresponse": read_text,
    "numericalresponse": read_number,
}

UNKNOWN = {
    "customresponse": "Python-graded questions are not supported",
    "coderesponse": "programs that are graded by running them are not supported",
    "externalresponse": "questions graded by another service are not supported",
    "formularesponse": "a formula with variables cannot be marked here",
    "symbolicresponse": "a symbolic formula cannot be marked here",
    "schematicresponse": "circuit drawings are not supported",
    "imageresponse": "image-click questions are not supported",
    "annotationresponse": "annotation questions are not supported",
    "choicetextresponse": "choices with a text field inside cannot be shown here",
    "javascriptresponse": "JavaScript questions are not supported",
    "jsmeresponse": "molecule drawings are not supported",
    "chemicalequationresponse": "a chemical equation cannot be marked here",
    "truefalseresponse": "its choices cannot be marked here",
}

__all__ = ["READERS", "UNKNOWN", "Answered", "Asked", "Reader", "Unanswerable"]
