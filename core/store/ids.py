"""Ids: UUID version 7 for rows, UUID version 5 for what must be the same again."""

import uuid

import uuid_utils

NAMESPACE = uuid.UUID("6f8a5b1e-6c43-5f3e-9d7a-1b0c2f4e8a90")


def new_id() -> str:
    """A new row's id, ordered by time, as the 36-character text that the whole house passes around."""
    return str(uuid_utils.uuid7())


def is_id(text: str) -> bool:
    """True for a text that the id columns of both stores can be asked for.

    >>> is_id(new_id()), is_id("x"), is_id("z" * 36)
    (True, False, False)
    """
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def same_id(*parts: object) -> str:
    """The id that the same parts always give: idempotency keys (decision 1).

    >>> same_id("run", 3, 0) == same_id("run", 3, 0)
    True
    """
    return str(uuid.uuid5(NAMESPACE, ":".join(map(str, parts))))
