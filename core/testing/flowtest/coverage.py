"""Which states and exits of a program the tests have been through."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from core.engine.simulation import Simulation
from core.model.program import Program


@dataclass(slots=True)
class Coverage:
    """``states`` and ``exits`` = all of them, in the program's order; ``seen`` = the ids that a test came by."""

    states: tuple[str, ...]
    exits: tuple[str, ...]
    seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, program: Program) -> "Coverage":
        """Nothing seen yet."""
        states = tuple(s.id for s in program.states.values())
        exits = tuple(
            dict.fromkeys(e.id for s in program.states.values() for e in (*s.next, *(s.wait or {}).get("edges", ())))
        )
        return cls(states, exits)

    def take(self, simulation: Simulation) -> None:
        """What a conversation went through."""
        for step in simulation.steps:
            for state, exit_ in step["path"]:
                self.seen |= {state, exit_}
        self.seen |= simulation.rested

    @property
    def missed(self) -> tuple[str, ...]:
        """States and exits that no test came by."""
        return tuple(x for x in (*self.states, *self.exits) if x not in self.seen)

    @property
    def share(self) -> float:
        """From 0 to 1."""
        total = len(self.states) + len(self.exits)
        return 1.0 if total == 0 else 1 - len(self.missed) / total

    def as_json(self) -> dict[str, Any]:
        """Counts, and what is missing."""

        def part(ids: Iterable[str]) -> dict[str, Any]:
            all_ = list(ids)
            return {"total": len(all_), "missed": [x for x in all_ if x not in self.seen]}

        return {"share": round(self.share, 4), "states": part(self.states), "exits": part(self.exits)}
