"""Passwords: what is refused, and that an unknown person costs the same work as a known one."""

import pytest

from core.services import passwords


@pytest.mark.parametrize("good", ["seven grey herons", "x9!kLw-22-qz", "пароль-длинный-ключ", "p" + "ab1" * 20])
def test_long_and_uncommon_is_enough(good: str) -> None:
    assert passwords.weakness(good, "ana@example.org") is None


@pytest.mark.parametrize(
    "bad",
    ["elevenchars", "password2026", "PASSWORD-2026!!", "qwertyuiopas", "aaaaaaaaaaaaaa", "ana.ruiz.shop1", "a" * 257],
)
def test_short_common_or_near_is_refused(bad: str) -> None:
    assert passwords.weakness(bad, "ana.ruiz.shop@example.org")


def test_verifying() -> None:
    stored = passwords.hashed("seven grey herons")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify(stored, "seven grey herons")
    assert not passwords.verify(stored, "seven grey heron")
    assert not passwords.verify(None, "instaflow: nobody has this password")
    assert not passwords.verify("not a hash", "x")
    assert not passwords.outdated(stored)
