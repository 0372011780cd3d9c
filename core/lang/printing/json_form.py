"""JSON: the document as it is."""

import json
from collections.abc import Mapping
from typing import Any

from core.lang.printing.normal import normal


def to_json(definition: Mapping[str, Any]) -> str:
    """The text of the normal form, two spaces a level, letters as they are.

    >>> to_json({"startNodeId": "a", "nodes": []})
    '{\\n  "startNodeId": "a",\\n  "nodes": []\\n}\\n'
    """
    return json.dumps(normal(definition), ensure_ascii=False, indent=2) + "\n"
