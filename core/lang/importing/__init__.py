"""Importers: flows of other tools as our documents. Pure; what has no counterpart is left out and named.

``FORMATS[name](data)`` answers an ``Imported``; ``data`` is the parsed JSON that the other tool exports.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.lang.importing.imported import Imported, NotReadable
from core.lang.importing.typebot import from_typebot

FORMATS: Mapping[str, Callable[[Any], Imported]] = {"typebot": from_typebot}

__all__ = ["FORMATS", "Imported", "NotReadable", "from_typebot"]
