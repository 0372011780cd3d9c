"""What every use case is given: the installation as one value."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.host.registry import Registry
from core.model.ports import Clock
from core.settings import Settings
from core.store.store import Store


def _nothing() -> None:
    """No queue to wake: the sweep finds the work within a second."""


def _answers() -> bool:
    """Nobody knows of a queue that is down."""
    return True


@dataclass(frozen=True, slots=True)
class House:
    """``wake_drain`` and ``wake_dispatch`` tell workers that there is work; losing them costs at most a second.
    ``queue_answers`` = whether they can be heard at all.
    """

    settings: Settings
    store: Store
    clock: Clock
    registry: Registry
    wake_drain: Callable[[], None] = field(default=_nothing)
    wake_dispatch: Callable[[], None] = field(default=_nothing)
    wake_chore: Callable[[], None] = field(default=_nothing)
    queue_answers: Callable[[], bool] = field(default=_answers)
