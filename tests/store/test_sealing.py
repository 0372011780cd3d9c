"""Secrets at rest: several keys, bound to their row, kept by their owner."""

import base64
import stat
from pathlib import Path

import pytest

from core.model.errors import SettingsError, Unsealable
from core.store.keys import add_key, kept, load_or_make
from core.store.sealing import Sealer, new_key


def test_seals_and_opens_any_text() -> None:
    sealer = Sealer([new_key()])
    for text in ("", "EAAG-token", "é🙂" * 500):
        sealed = sealer.seal(text, "row")
        assert sealer.open(sealed, "row") == text
        assert text == "" or text not in sealed


def test_two_seals_of_one_text_differ() -> None:
    sealer = Sealer([new_key()])
    assert sealer.seal("x", "row") != sealer.seal("x", "row")


def test_does_not_open_in_another_row() -> None:
    sealer = Sealer([new_key()])
    with pytest.raises(Unsealable, match="does not belong to its row"):
        sealer.open(sealer.seal("token", "row 1"), "row 2")


@pytest.mark.parametrize(
    "change", [lambda s: s[:-6] + "AAAA==", lambda s: s + "!", lambda s: s[:12], lambda s: "token"]
)
def test_a_changed_text_does_not_open(change) -> None:
    sealer = Sealer([new_key()])
    with pytest.raises(Unsealable):
        sealer.open(change(sealer.seal("token", "row")), "row")


def test_newest_key_seals_older_ones_still_open() -> None:
    old, new = new_key(), new_key()
    sealed = Sealer([old]).seal("token", "row")
    both = Sealer([new, old])
    assert both.open(sealed, "row") == "token"
    assert not both.newest(sealed)
    assert both.newest(both.seal("token", "row"))
    with pytest.raises(Unsealable, match="does not hold"):
        Sealer([new]).open(sealed, "row")


@pytest.mark.parametrize("key", ["", "abc", base64.b64encode(b"x" * 31).decode(), "é" * 44])
def test_a_malformed_key_is_named(key: str) -> None:
    with pytest.raises(SettingsError, match="key 2 is not the base64 of 32 bytes"):
        Sealer([new_key(), key])


def test_no_key_is_an_error() -> None:
    with pytest.raises(SettingsError, match="empty"):
        Sealer([])


def test_keys_are_made_once_and_private(tmp_path: Path) -> None:
    first = load_or_make(tmp_path)
    assert load_or_make(tmp_path) == first
    assert len(first.secret_key) >= 32
    assert {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()} == {0o600}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["encryption.keys", "secret.key"]
    assert first.secret_key not in repr(first)


def test_rotation_of_the_data_folders_keys(tmp_path: Path) -> None:
    assert kept(tmp_path) == ()
    first = load_or_make(tmp_path)
    second = add_key(tmp_path)
    assert second.encryption_keys[1:] == first.encryption_keys
    assert second.secret_key == first.secret_key
    assert kept(tmp_path) == second.encryption_keys


def test_an_empty_key_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()
    with pytest.raises(SettingsError, match=r"secret\.key is empty"):
        load_or_make(tmp_path)
