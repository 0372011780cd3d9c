"""Column types that mean the same on SQLite and PostgreSQL."""

from typing import Any

import orjson
from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.engine import Dialect
from sqlalchemy.types import String, TypeDecorator, TypeEngine


class Id(TypeDecorator[str]):
    """A UUID as its 36-character text in Python; native UUID on PostgreSQL, text on SQLite."""

    impl = String(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """UUID on PostgreSQL, CHAR(36) elsewhere."""
        return dialect.type_descriptor(UUID(as_uuid=False) if dialect.name == "postgresql" else String(36))


class Json(TypeDecorator[Any]):
    """Any JSON value; JSONB on PostgreSQL, text on SQLite. None is SQL NULL. Replace the whole value, never a part."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """JSONB on PostgreSQL, TEXT elsewhere."""
        return dialect.type_descriptor(JSONB(none_as_null=True) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Text for SQLite; PostgreSQL's JSONB does it itself."""
        if value is None or dialect.name == "postgresql":
            return value
        return orjson.dumps(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Back to a value."""
        if value is None or dialect.name == "postgresql":
            return value
        return orjson.loads(value)


Instant = BigInteger
"""Milliseconds since 1970 UTC. The API prints RFC 3339."""

BigId = BigInteger().with_variant(Integer, "sqlite")
"""A counting primary key (SQLite counts only INTEGER)."""
