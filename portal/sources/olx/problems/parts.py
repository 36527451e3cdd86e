"""Finds the responses of a problem and divides the problem's text among them."""

from dataclasses import dataclass, field
from html import escape
from xml.etree.ElementTree import Element

from portal.sources.olx.problems.passage import Passage, plain

INPUTS = frozenset({"choicegroup", "checkboxgroup", "radiogroup", "optioninput", "textline", "formulaequationinput"})
# Text is handed out between the responses only where that cannot cut a sentence or a table in two.
DIVISIBLE = frozenset({"problem", "div", "text", "section", "form", "article", "main", "center", "fieldset"})


@dataclass
class Part:
    """One response, or one input of a response that has several."""

    response: Element
    entry: Element
    place: Element
    """Where in the problem's text the learner answers."""
    text_html: str = ""
    context: str = ""
    """What a table around it says about it; tells the gaps of one table apart."""


@dataclass
class _Stretch:
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def parts(problem: Element) -> list[Part]:
    """The parts in the order in which they stand in the problem."""
    found: list[Part] = []
    for response in problem.iter():
        if isinstance(response.tag, str) and response.tag.endswith("response") and response is not problem:
            found.extend(_of(response))
    return found


def _of(response: Element) -> list[Part]:
    entries = [element for element in response.iter() if element.tag in INPUTS]
    if response.tag == "optionresponse" and len(entries) > 1:
        return [Part(response, entry, entry) for entry in entries]
    return [Part(response, entries[0] if entries else response, response)]


def hand_out_text(problem: Element, found: list[Part], passage: Passage) -> None:
    """Give each part its text: what stands before it, or a problem with numbered gaps before the first."""
    if len(found) == 1:
        found[0].text_html = passage.inside(problem).strip() + _spoken_label(problem, found[0])
        return
    stretch = _Stretch()
    holder = _holder(problem, found, passage, stretch)
    if holder is None:
        _with_gaps(problem, found, passage)
    else:
        _between(holder, found, passage, stretch)


def _holder(problem: Element, found: list[Part], passage: Passage, stretch: _Stretch) -> Element | None:
    """The element all parts stand directly in, if its text may be divided; what is around it is kept."""
    places = {part.place for part in found}
    holder = problem
    while holder.tag in DIVISIBLE:
        within = [child for child in holder if places & set(child.iter())]
        if all(child in places for child in within):
            return holder
        if len(within) != 1:
            return None
        _keep_around(holder, within[0], passage, stretch)
        holder = within[0]
    return None


def _keep_around(holder: Element, child: Element, passage: Passage, stretch: _Stretch) -> None:
    siblings = list(holder)
    place = siblings.index(child)
    stretch.before.append(escape(holder.text or "", quote=False))
    stretch.before.extend(passage.whole(sibling) for sibling in siblings[:place])
    after = "".join(passage.whole(sibling) for sibling in siblings[place + 1 :])
    stretch.after.insert(0, escape(child.tail or "", quote=False) + after)


def _between(holder: Element, found: list[Part], passage: Passage, stretch: _Stretch) -> None:
    by_place = {part.place: part for part in found}
    pending = "".join(stretch.before) + escape(holder.text or "", quote=False)
    for child in holder:
        if child not in by_place:
            pending += passage.whole(child)
            continue
        part = by_place[child]
        part.text_html = (pending + passage.inside(child)).strip() + _spoken_label(child, part)
        pending = escape(child.tail or "", quote=False)
    found[-1].text_html += (pending + "".join(stretch.after)).rstrip()


def _with_gaps(problem: Element, found: list[Part], passage: Passage) -> None:
    passage.gaps = {part.place: number for number, part in enumerate(found, start=1)}
    whole = passage.inside(problem).strip()
    parents = {child: holder for holder in problem.iter() for child in holder}
    for part, number in zip(found, passage.gaps.values(), strict=True):
        part.context = _context(parents, part.place, passage)
        context = escape(part.context, quote=False)
        own = passage.inside(part.place).strip() + _spoken_label(part.place, part)
        part.text_html = f"<p><strong>({number})</strong> {context}</p>{own}"
    found[0].text_html = whole + found[0].text_html


def _context(parents: dict[Element, Element], place: Element, passage: Passage) -> str:
    """What the table around the gap says about it: a cell of its row that has no gap, and the head of its column."""
    cell = _around(parents, place, "td")
    row = None if cell is None else parents.get(cell)
    table = None if row is None else _around(parents, row, "table")
    if cell is None or row is None or table is None:
        return ""
    heads = list(next(table.iter("tr"), row))
    column = sum(map(_columns, list(row)[: list(row).index(cell)]))
    head = "" if cell in heads else _said(_at(heads, column), passage)
    beside = next(filter(None, (_said(one, passage) for one in row if one is not cell)), "")
    return ": ".join(filter(None, (beside, head)))


def _columns(cell: Element) -> int:
    """How many columns a cell is wide."""
    written = cell.get("colspan", "1")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 1


def _at(cells: list[Element], column: int) -> Element | None:
    """The cell that covers this column."""
    for cell in cells:
        column -= _columns(cell)
        if column < 0:
            return cell
    return None


def _said(cell: Element | None, passage: Passage) -> str:
    """The words of a cell, if it has no gap: what can be chosen there says nothing about another."""
    return "" if cell is None or any(one in passage.gaps for one in cell.iter()) else plain(cell)


def _around(parents: dict[Element, Element], element: Element, tag: str) -> Element | None:
    """The nearest element of this kind that the element stands in."""
    holder = parents.get(element)
    while holder is not None and holder.tag != tag:
        holder = parents.get(holder)
    return holder


def _spoken_label(around: Element, part: Part) -> str:
    """The label an older problem gives in an attribute, unless the text already says it."""
    label = " ".join((part.entry.get("label") or part.response.get("label") or "").split())
    said = label and label in plain(around)
    return "" if not label or said else f"<p>{escape(label, quote=False)}</p>"
