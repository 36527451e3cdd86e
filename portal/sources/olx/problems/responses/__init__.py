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
    "customresponse": "a Python-graded question cannot be shown here",
    "coderesponse": "a program that learners submit for grading cannot be shown here",
    "externalresponse": "a question graded by another service cannot be shown here",
    "formularesponse": "a formula with variables cannot be marked here",
    "symbolicresponse": "a symbolic formula cannot be marked here",
    "schematicresponse": "a circuit drawing cannot be shown here",
    "imageresponse": "a click on a picture cannot be recorded here",
    "annotationresponse": "a question about an annotation cannot be shown here",
    "choicetextresponse": "choices with a text field inside cannot be shown here",
    "javascriptresponse": "a question written in JavaScript cannot be shown here",
    "jsmeresponse": "a molecule drawing cannot be shown here",
    "chemicalequationresponse": "a chemical equation cannot be marked here",
    "truefalseresponse": "its choices cannot be marked here",
}

__all__ = ["READERS", "UNKNOWN", "Answered", "Asked", "Reader", "Unanswerable"]
