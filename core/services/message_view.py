"""A message as it is answered: buttons with the payloads that their authors wrote (decision 14)."""

from collections.abc import Mapping
from typing import Any

from core.runtime.match.values import bare


def shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The row of the log; inside, its buttons carry the house's ``ifl1.<run>.<wait>.`` so that taps come back to their run.

    >>> shown({"content": {"buttons": [{"payload": "ifl1.r.3.YES", "text": "Yes"}]}})
    {'content': {'buttons': [{'payload': 'YES', 'text': 'Yes'}]}}
    """
    return {**row, "content": _bare(row["content"])}


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: bare(v) if k == "payload" and isinstance(v, str) else _bare(v) for k, v in value.items()}
    return [_bare(v) for v in value] if isinstance(value, list) else value
