"""Program and run to JSON and back, in one place; the canonical text that is hashed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.model.program import Edge, Program, State


def canonical(value: Any) -> bytes:
    """The one text of a JSON value: sorted keys, no spaces, UTF-8.

    >>> canonical({"b": 1, "a": "é"})
    b'{"a":"\\xc3\\xa9","b":1}'
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def seal(program: Program) -> Program:
    """The program with its content hash."""
    return replace(program, hash="ir1:" + hashlib.sha256(canonical(program.as_json())).hexdigest()[:32])


def program_from_json(data: Mapping[str, Any], hash: str = "") -> Program:
    """A stored program. Without ``hash`` it is sealed anew."""
    program = Program(
        entry=data["entry"],
        states={k: _state(k, s) for k, s in data["states"].items()},
        params=tuple(data.get("params", ())),
        settings=data.get("settings", {}),
        uses={k: tuple(v) for k, v in data.get("uses", {}).items()},
        locales=data.get("locales", {}),
        format=data["format"],
        hash=hash,
    )
    return program if hash else seal(program)


def _state(state_id: str, data: Mapping[str, Any]) -> State:
    wait = data.get("wait")
    if wait is not None:
        wait = {**wait, "edges": [_edge(e) for e in wait["edges"]]}
    return State(
        id=state_id,
        node=data["node"],
        do=tuple(data.get("do", ())),
        wait=wait,
        next=tuple(_edge(e) for e in data.get("next", ())),
        outcome=data.get("outcome"),
    )


def _edge(data: Mapping[str, Any]) -> Edge:
    return Edge(data["id"], data["to"], data.get("when", True), tuple(data.get("do", ())))
