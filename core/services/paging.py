"""One page of a list, and how long the whole list is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select


@dataclass(frozen=True, slots=True)
class Page:
    """``number`` counts from 1."""

    number: int = 1
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one page and the size of the list."""

    rows: Sequence[Any]
    total: int
    page: Page


def part(tx: Connection, wanted: Select[Any], page: Page) -> Part:
    """The page of an ordered select."""
    total = tx.execute(select(func.count()).select_from(wanted.order_by(None).subquery())).scalar_one()
    rows: Sequence[RowMapping] = []
    if total > (page.number - 1) * page.limit:
        rows = tx.execute(wanted.limit(page.limit).offset((page.number - 1) * page.limit)).mappings().all()
    return Part(rows, total, page)


def containing(text: str) -> str:
    """A LIKE pattern, with ``\\`` as escape, for texts that contain ``text``, whatever signs are in it.

    >>> containing("50%")
    '%50\\\\%%'
    """
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
