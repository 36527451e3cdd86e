"""Pages of a long list as numbers with their addresses."""

from collections.abc import Callable

from flask import request

#: Beyond any list, and within what a database can count.
LAST_PAGE = 1_000_000

Links = list[tuple[int | None, str]]


def asked_page() -> int:
    """The page that the address asks for; nonsense in it means the first."""
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)


def links(page: int, pages: int, address: Callable[[int], str]) -> Links:
    """The first page, the last and those around; None for what is left out."""
    near = {1, pages, *range(page - 1, page + 2)}
    found: Links = []
    for number in sorted(number for number in near if 1 <= number <= pages):
        if found and found[-1][0] != number - 1:
            found.append((None, ""))
        found.append((number, address(number)))
    return found
