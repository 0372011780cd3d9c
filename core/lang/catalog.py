"""What the compiler needs to know of the installed plugins; the host's Registry is one of these."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from core.model.integration import Integration
from core.model.nodetype import NodeType, TriggerType


class Language(Protocol):
    """Expansions of plugins' filters, conditions and input types (decision 21)."""

    @property
    def filters(self) -> Mapping[str, str]: ...
    @property
    def conditions(self) -> Mapping[str, str]: ...
    @property
    def inputs(self) -> Mapping[str, Mapping[str, Any]]: ...


class Catalog(Protocol):
    """Node types, trigger types, integrations, the language's additions and the plugins' own checks."""

    @property
    def node_types(self) -> Mapping[str, NodeType]: ...
    @property
    def trigger_types(self) -> Mapping[str, TriggerType]: ...
    @property
    def integrations(self) -> Mapping[str, Integration]: ...
    @property
    def language(self) -> Language: ...
    @property
    def checks(self) -> Sequence[Callable[..., Any]]: ...
