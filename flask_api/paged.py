"""Lists over HTTP: ``page`` and ``limit`` in, the header X-Pagination out (api.md, conventions)."""

from collections.abc import Sequence
from typing import Any

import orjson

from core.services.paging import Page, Part

PAGED = {"X-Pagination": "JSON: total, total_pages, first_page, last_page, page, previous_page, next_page"}


def page_of(query: dict[str, Any]) -> Page:
    """The page that a query asks for."""
    return Page(query["page"], query["limit"])


def paged(rows: Sequence[Any] | dict[str, Any], part: Part, status: int = 200) -> Any:
    """The answer with its header, in flask-smorest's form."""
    pages = -(-part.total // part.page.limit)
    number = part.page.number
    told: dict[str, int] = {"total": part.total, "total_pages": pages}
    if pages:
        told |= {"first_page": 1, "last_page": pages, "page": number}
        if number > 1:
            told["previous_page"] = number - 1
        if number < pages:
            told["next_page"] = number + 1
    body = list(rows) if not isinstance(rows, dict) else rows
    return body, status, {"X-Pagination": orjson.dumps(told).decode()}
