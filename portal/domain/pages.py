"""A page of a long list: what is on it, how much there is in all, and where it stands among the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

#: To count a hundred thousand rows takes longer than to show fifty of them.
COUNTED = 10_000

Item = TypeVar("Item")
Query = TypeVar("Query", bound=Select[Any])


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    items: Sequence[Item]
    total: int
    """How many there are in all; with ``is_more``, at least."""
    page: int
    """The number of this one; the first is 1."""
    size: int
    """How many a page has at most."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many there are of each kind, where the list can be narrowed to one."""
    show: str = ""
    """The kind that it was narrowed to."""
    is_more: bool = False
    """Whether counting ended before the list did."""

    @property
    def pages(self) -> int:
        return count(self.total, self.size)

    @property
    def first(self) -> int:
        """The place of its first item in the whole list; 0 in an empty one."""
        return (self.page - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * self.size, self.total)


def count(total: int, size: int) -> int:
    """How many pages there are; an empty list has one."""
    return max(1, ceil(total / size))


def within(asked: int, *, total: int, size: int) -> int:
    """The number of the page that was asked for; beyond the last it is the last, and never before the first."""
    return min(max(1, asked), count(total, size))


def most_counted(asked: int, *, size: int) -> int:
    """How far to count for the page that was asked for: to :data:`COUNTED`, and further as people turn the pages."""
    return max(COUNTED, (asked + 1) * size)


def rows(query: Query, page: int, *, size: int) -> Query:
    """The rows of this page."""
    return query.limit(size).offset((page - 1) * size)


def of(whole: Sequence[Item], asked: int, *, size: int, counts: Mapping[str, int] | None = None) -> Page[Item]:
    """A page of a list that is here already."""
    page = within(asked, total=len(whole), size=size)
    items = whole[(page - 1) * size : page * size]
    return Page(items=items, total=len(whole), page=page, size=size, counts=counts or {})
