"""Keeps the fake's world in a JSON file, so that a demo goes on where it stopped."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.testing.instagram.stage import Stage
from core.testing.instagram.world import Account, Code, Comment, Media, Message, Person, Thread, Token, Upload, World

_KINDS: dict[str, type[Any]] = {
    "accounts": Account,
    "people": Person,
    "media": Media,
    "comments": Comment,
    "tokens": Token,
    "codes": Code,
    "uploads": Upload,
}


def save(stage: Stage, path: Path) -> None:
    """Writes the world and the clock's offset; the old file stays until the new one is whole."""
    with stage.lock:
        data = {"seed": stage.seed, "offset": stage.clock.offset, "world": asdict(stage.world)}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(data))
    os.replace(fresh, path)


def load(path: Path) -> tuple[World, int]:
    """The saved world and offset. ValueError when the file is not one of these."""
    try:
        data = json.loads(path.read_text())
        world = data["world"]
        made: dict[str, Any] = {k: {i: cls(**row) for i, row in world[k].items()} for k, cls in _KINDS.items()}
        threads = {
            key: Thread(**{**row, "messages": [Message(**m) for m in row["messages"]]})
            for key, row in world["threads"].items()
        }
        rest = {k: world[k] for k in ("counters", "igsids", "mids")}
        return World(threads=threads, **made, **rest), int(data["offset"])
    except (KeyError, TypeError, ValueError) as e:
        raise ValueError(f"{path} does not hold a saved fake Instagram: {e!r}") from e
