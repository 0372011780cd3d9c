"""What the compiler needs to know of the installed plugins; the host's Registry is one of these."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from core.model.integration import Integration
from core.model.nodetype import NodeType, TriggerType
from core.model.program import Program
from core.model.properties import Explored, Property

Explore = Callable[[Program, Mapping[str, Program], Sequence[Property], Sequence[str]], Explored]
"""Looks for conversations that break properties: the program, the flows around it, the properties, the kinds of triggers. It plays
with the engine, of which the compiler knows nothing."""


class Language(Protocol):
    """Expansions of plugins' filters, conditions and input types (decision 21)."""

    @property
    def filters(self) -> Mapping[str, str]: ...
    @property
    def conditions(self) -> Mapping[str, str]: ...
    @property
    def inputs(self) -> Mapping[str, Mapping[str, Any]]: ...


class Catalog(Protocol):
    """Node types, trigger types, integrations, the language's additions, the plugins' own checks, and who explores a program."""

    @property
    def node_types(self) -> Mapping[str, NodeType]: ...
    @property
    def trigger_types(self) -> Mapping[str, TriggerType]: ...
    @property
    def integrations(self) -> Mapping[str, Integration]: ...
    @property
    def language(self) -> Language: ...
    @property
    def explore(self) -> Explore: ...
    @property
    def checks(self) -> Sequence[Callable[..., Any]]: ...
