"""Columns as PostgreSQL array literals: many times cheaper than psycopg's list dumper, and always of one parameter type, so
that a statement is prepared once."""

from collections.abc import Iterable, Sequence
from typing import Any


def literal(values: Iterable[Any]) -> str:
    """The text of an array of str, int, float, bool and None; the statement casts it.

    >>> literal(['a"b', None, "c\\\\d", 5, True])
    '{"a\\\\"b",NULL,"c\\\\\\\\d",5,t}'
    """
    return "{" + ",".join([_one(v) for v in values]) + "}"


def columns(rows: Sequence[Sequence[Any]]) -> list[str]:
    """The literal of each column of the rows."""
    return [literal(column) for column in zip(*rows, strict=True)]


def _one(value: Any) -> str:
    if type(value) is str:
        if '"' in value or "\\" in value:
            value = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{value}"'
    if value is None:
        return "NULL"
    if type(value) is bool:
        return "t" if value else "f"
    if isinstance(value, str):
        return _one(str.__str__(value))
    return repr(value)
