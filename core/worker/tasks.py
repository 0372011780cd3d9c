"""The three thin tasks that Huey carries: each is a wake-up without arguments."""

from collections.abc import Callable
from typing import Any, NamedTuple

from huey import Huey


def _idle() -> None:
    """A process that only rings: web."""


class Tasks(NamedTuple):
    """Call one to enqueue it."""

    drain: Callable[[], Any]
    dispatch: Callable[[], Any]
    chore: Callable[[], Any]


def tasks(
    queue: Huey,
    drain: Callable[[], object] = _idle,
    dispatch: Callable[[], object] = _idle,
    chore: Callable[[], object] = _idle,
) -> Tasks:
    """Registers the three tasks at the queue; a worker says what they do."""

    def register(name: str, work: Callable[[], object]) -> Callable[[], Any]:
        def run() -> None:
            work()

        wrapper: Callable[[], Any] = queue.task(name=name)(run)
        return wrapper

    return Tasks(register("drain", drain), register("dispatch", dispatch), register("chore", chore))
