"""Faults that the fake plays on purpose: scripted answers per call, rates, and quirks of the webhook shapes."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = ("error", "ok_error", "html", "drop", "drop_before", "hang", "sent_1357046")


@dataclass
class Rule:
    """What the next calls whose path holds ``path`` get, after ``skip`` of them were let through.

    ``kind``: *error* (``code``/``subcode``/``status``), *ok_error* (the same in a 200), *html* (a 502 page), *drop* (the call
    is carried out, the answer is lost), *drop_before* (nothing happened, no answer), *hang* (waits ``ms``, then
    answers), *sent_1357046* (carried out, answered with error 1/1357046). ``method`` "" = any.
    """

    path: str
    kind: str = "error"
    code: int = 1
    subcode: int = 0
    status: int = 0
    message: str = ""
    times: int = 1
    skip: int = 0
    ms: int = 0
    method: str = ""


@dataclass
class Faults:
    """Knobs; rates are 0.0 to 1.0 and decided by the seed and the message, not by chance.

    ``usage``: per cent that the usage headers say (100 and more: calls are refused with 80002). ``media``: part of a URL →
    the subcode its fetch fails with. ``retry_disable_minutes``: webhooks are switched off after failing that long (0 = never).
    """

    rules: list[Rule] = field(default_factory=list)
    latency_ms: int = 0
    drop_rate: float = 0.0
    error_rate: float = 0.0
    echo_loss: float = 0.0
    early_echo: float = 0.0
    duplicate_rate: float = 0.0
    reorder_rate: float = 0.0
    edit_zero_rate: float = 0.0
    second_secret_rate: float = 0.0
    seconds_rate: float = 0.0
    flat_comments: bool = False
    comment_id_key: bool = False
    comments_without_id: bool = False
    errors_in_200: bool = False
    flat_token_answer: bool = False
    echo_app_id: bool = False
    postback_without_mid: bool = False
    usage: int | None = None
    retry_disable_minutes: float = 0.0
    media: dict[str, int] = field(default_factory=dict)

    def next(self, path: str, kind: str = "error", times: int = 1, **more: Any) -> None:
        """Scripts the next ``times`` calls whose path holds ``path``, for example ``next("/messages", "drop")``."""
        if kind not in KINDS:
            raise ValueError(f"unknown kind of fault '{kind}'; there are {', '.join(KINDS)}")
        self.rules.append(Rule(path, kind, times=times, **more))

    def take(self, method: str, path: str) -> Rule | None:
        """The rule that hits this call, counted down."""
        for rule in self.rules:
            if rule.path not in path or (rule.method and rule.method != method):
                continue
            if rule.skip > 0:
                rule.skip -= 1
                continue
            rule.times -= 1
            if rule.times <= 0:
                self.rules.remove(rule)
            return rule
        return None

    def clear(self) -> None:
        """Back to an Instagram without faults."""
        for name, value in vars(Faults()).items():
            setattr(self, name, value)

    def update(self, values: dict[str, Any]) -> None:
        """Sets knobs by name and appends ``rules``; an unknown name or a wrong type is a ValueError."""
        known = asdict(self)
        for name, value in values.items():
            if name == "rules":
                for rule in value:
                    self.next(rule.pop("path"), rule.pop("kind", "error"), **rule)
            elif name not in known:
                raise ValueError(f"there is no fault called '{name}'")
            elif name != "usage" and not isinstance(value, _accepted(known[name])):
                raise ValueError(f"the fault '{name}' is a {type(known[name]).__name__}")
            else:
                setattr(self, name, value)


def _accepted(value: Any) -> tuple[type, ...]:
    return (int, float) if isinstance(value, float) else (type(value),)


def dice(seed: int) -> Callable[[float, str], bool]:
    """A die per seed: the same rate and key fall the same way, whatever happened in between.

    >>> dice(1)(0.0, "x"), dice(1)(1.0, "x"), dice(1)(0.5, "x") == dice(1)(0.5, "x")
    (False, True, True)
    """

    def chance(rate: float, key: str) -> bool:
        return rate > 0 and share(seed, key) < rate

    return chance


def share(seed: int, key: str) -> float:
    """A number from 0 up to 1 that only the seed and the key decide."""
    return int.from_bytes(hashlib.blake2b(f"{seed}:{key}".encode(), digest_size=8).digest(), "big") / 2**64
