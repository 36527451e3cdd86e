"""Turns a problem that is written only in the authoring tool's Markdown into the elements it stands for."""

import re
from xml.etree.ElementTree import Element, SubElement

from portal.sources.errors import UnusableSource
from portal.sources.olx.export.files import parsed

# Each pattern stops at its own beginning, so that no text takes more than one pass.
QUESTIONS = re.compile(r"^[ \t]*-{3,}[ \t]*$", re.MULTILINE)
EXPLANATION = re.compile(r"\[explanation\].*?(?:\[/?explanation\]|\Z)", re.DOTALL | re.IGNORECASE)
LABEL = re.compile(r">>((?:(?!>>).)*?)<<", re.DOTALL)
HINT = re.compile(r"^[ \t]*\|\|.*\|\|[ \t]*$", re.MULTILINE)
FEEDBACK = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}", re.DOTALL)
DROPDOWN = re.compile(r"\[\[((?:(?!\[\[).)*?)\]\]", re.DOTALL)
RADIO = re.compile(r"^\s*\(([ x!@]*)\)\s*(.+)$", re.IGNORECASE)
BOX = re.compile(r"^\s*\[([ x]*)\]\s*(.+)$", re.IGNORECASE)
ANSWER = re.compile(r"^\s*(or|not|s)?=\s*(.+)$")
NUMBER = re.compile(r"^[\[(+-]?\s*[\d.]")
TOLERANCE = re.compile(r"\+/?-")


def problem(written: str) -> Element:
    """The problem element the Markdown means, without its explanations, hints and feedback."""
    root = Element("problem")
    for question in QUESTIONS.split(EXPLANATION.sub("", written.replace("\r\n", "\n"))):
        _add(root, question)
    return root


def _add(root: Element, written: str) -> None:
    labels: list[str] = LABEL.findall(written)
    rest = FEEDBACK.sub("", HINT.sub("", LABEL.sub("", written)))
    dropdown = DROPDOWN.search(rest)
    lines = DROPDOWN.sub("", rest).splitlines()
    answer = _dropdown(dropdown[1]) if dropdown else _written_in(lines)
    text = [line for line in lines if not (RADIO.match(line) or BOX.match(line) or ANSWER.match(line))]
    response = root if answer is None else answer
    for place, (tag, content) in enumerate([("div", "\n".join(text)), *_labels(labels)]):
        if content.strip():
            response.insert(place, _fragment(tag, content.strip()))
    if answer is not None:
        root.append(answer)


def _labels(labels: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for written in labels:
        label, _, description = written.partition("||")
        found += [("label", label), ("description", description)]
    return found


def _fragment(tag: str, content: str) -> Element:
    """Authors may write tags within the text; text that is no XML is taken word for word."""
    try:
        return parsed(f"<{tag}>{content}</{tag}>", "Markdown")
    except UnusableSource:
        element = Element(tag)
        element.text = content
        return element


def _written_in(lines: list[str]) -> Element | None:
    """The response that the lines themselves ask for."""
    radios = [match for line in lines if (match := RADIO.match(line))]
    boxes = [match for line in lines if (match := BOX.match(line))]
    answers = [match for line in lines if (match := ANSWER.match(line))]
    if radios:
        return _choices("multiplechoiceresponse", "choicegroup", radios)
    if boxes:
        return _choices("choiceresponse", "checkboxgroup", boxes)
    return _answer([match[2].strip() for match in answers if match[1] in (None, "or")]) if answers else None


def _choices(kind: str, group: str, found: list[re.Match[str]]) -> Element:
    response = Element(kind)
    holder = SubElement(response, group)
    for match in found:
        choice = _fragment("choice", match[2].strip())
        choice.set("correct", "true" if "x" in match[1].lower() else "false")
        holder.append(choice)
    return response


def _dropdown(written: str) -> Element:
    response = Element("optionresponse")
    holder = SubElement(response, "optioninput")
    several_lines = "\n" in written.strip()
    for text in filter(str.strip, written.split("\n" if several_lines else ",")):
        right = re.fullmatch(r"\((.*)\)", text.strip())
        option = SubElement(holder, "option", correct="True" if right else "False")
        option.text = right[1].strip() if right else text.strip()
    return response


def _answer(answers: list[str]) -> Element:
    first = answers[0] if answers else ""
    if NUMBER.match(first):
        return _number(first, answers[1:])
    regexp = first.startswith("|")
    response = Element("stringresponse", answer=first.removeprefix("|").strip())
    response.set("type", "ci regexp" if regexp else "ci")
    for more in answers[1:]:
        SubElement(response, "additional_answer", answer=more)
    SubElement(response, "textline")
    return response


def _number(first: str, more: list[str]) -> Element:
    answer, *tolerance = (text.strip() for text in TOLERANCE.split(first, maxsplit=1))
    response = Element("numericalresponse", answer=answer)
    for allowed in tolerance:
        SubElement(response, "responseparam", type="tolerance", default=allowed)
    for answer in more:
        SubElement(response, "additional_answer", answer=answer)
    SubElement(response, "formulaequationinput")
    return response
