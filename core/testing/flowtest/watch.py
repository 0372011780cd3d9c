"""A conversation that is watched: what the flow does is held against what the test expects."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.engine.simulation import Simulation
from core.lang.report import Locate, Place
from core.model.run import RunStatus
from core.testing.flowtest.problem import Problem, Unmet
from core.testing.flowtest.seen import Seen
from core.testing.flowtest.wanted import Wanted

FAULTS = {
    "window_closed": "the flow sends this outside the messaging window: Instagram would refuse it",
    "not_shown": "",
}
"""Notes of the simulation that fail a test by themselves."""
STATES = ("waiting", "variable")
"""Expectations about how things are, not about what happened."""


class Watch:
    """One conversation. Raises Unmet as soon as it does not go as written."""

    def __init__(self, simulation: Simulation, locate: Locate) -> None:
        self.simulation, self._locate = simulation, locate
        self._new: list[Seen] = []
        self._at = 0

    def act(self, event: Mapping[str, Any], place: Place) -> None:
        """The contact does something, or time passes."""
        self.nothing_left(place, " before this step")
        self._new = []
        self.simulation.play(event)
        for item in self.simulation.transcript[self._at :]:
            self._take(item, place)
        self._at = len(self.simulation.transcript)

    def _take(self, item: Mapping[str, Any], place: Place) -> None:
        if item["who"] == "flow":
            self._new.append(Seen("send", {"message": item["message"]}, item["node"]))
        elif item["who"] == "effect":
            self._new.append(Seen(item["kind"], item["data"], item["node"]))
        elif item["who"] == "note":
            self._note(item, place)

    def _note(self, item: Mapping[str, Any], place: Place) -> None:
        if item["code"] in FAULTS:
            shown = [b.get("text") for b in self.simulation.buttons]
            hint = f"there is: {', '.join(map(str, shown)) or 'nothing to tap'}" if item["code"] == "not_shown" else ""
            raise self._unmet(FAULTS[item["code"]] or item["text"], place, hint)
        if item["code"] in ("unanswered", "over"):
            self._new.append(Seen(item["code"]))

    def expect(self, wanted: Sequence[Wanted], place: Place) -> None:
        """What was done since the last step of the contact, messages in order."""
        if any(w.kind == "nothing" for w in wanted):
            self._nothing(place)
            return
        first = 0
        for w in wanted:
            if w.kind in STATES:
                self._state(w, place)
                continue
            found = next((i for i, s in enumerate(self._new) if not s.taken and w.meets(s)), None)
            if found is None or (w.message and any(self._missed(first, found))):
                raise self._unmet(f"expected {w}", place, self._instead(w, first))
            self._new[found].taken = True
            if w.message:
                first = found + 1
        self.nothing_left(place)

    def _missed(self, first: int, found: int) -> list[Seen]:
        """Messages before the one that was found which nothing expected."""
        return [s for s in self._new[first:found] if s.kind == "send" and not s.taken]

    def _instead(self, w: Wanted, first: int) -> str:
        left = [s for s in self._new if not s.taken]
        if w.message:
            messages = [s for s in left if s.kind == "send"]
            return f"came: {messages[0]}" if messages else "came: no message" + self._rest()
        return f"came: {'; '.join(map(str, left))}" if left else "nothing else happened" + self._rest()

    def _rest(self) -> str:
        run = self.simulation.run
        if run is None or run.status is not RunStatus.WAITING:
            return f"; the run is {run.status}" if run is not None else ""
        call = next((e for e in reversed(self.simulation.steps[-1]["effects"]) if e["kind"] == "call"), None)
        if run.wait_kind == "result" and call is not None:
            return f"; the flow waits for '{call['data']['effect']}': give it a mock or a step 'result'"
        return f"; the flow waits for a {run.wait_kind}"

    def _state(self, w: Wanted, place: Place) -> None:
        run = self.simulation.run
        live = run is not None and run.status is RunStatus.WAITING
        now = Seen(
            "state",
            variables=run.frames[-1].vars if run and run.frames else {},
            waiting=run.wait_kind if live and run else "",
        )
        if not w.meets(now):
            told = f"the flow waits for a {now.waiting}" if now.waiting else "the flow does not wait"
            raise self._unmet(
                f"expected {w}", place, told if w.kind == "waiting" else f"variables: {dict(now.variables)}"
            )

    def _nothing(self, place: Place) -> None:
        if self._new:
            raise self._unmet("expected nothing", place, f"came: {'; '.join(map(str, self._new))}")

    def nothing_left(self, place: Place, when: str = "") -> None:
        """Every message must be expected, and so must a run that fails."""
        left = [s for s in self._new if s.kind in ("send", "run.failed") and not s.taken]
        if left:
            raise self._unmet(f"not expected{when}: {left[0]}", place, "add it to the step 'expect' that comes before")

    def _unmet(self, message: str, place: Place, hint: str = "") -> Unmet:
        return Unmet(Problem(message, self._locate(place), hint))
