"""What an importer answers."""

from dataclasses import dataclass
from typing import Any

from core.model.errors import InstaFlowError


@dataclass(frozen=True, slots=True)
class Imported:
    """``envelope`` = the API's {name, slug, flowDefinition}; ``notes`` = sentences about what a person has to look at."""

    envelope: dict[str, Any]
    notes: tuple[str, ...]


class NotReadable(InstaFlowError):
    """The data is no flow of that tool."""
