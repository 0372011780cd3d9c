"""The keys that the embedded default makes for itself and keeps in the data folder, readable by its owner only."""

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.model.errors import SettingsError
from core.store.sealing import new_key

SECRET = "secret.key"
ENCRYPTION = "encryption.keys"
"""One base64 key a line, newest first."""


@dataclass(frozen=True, slots=True)
class Keys:
    """``secret_key`` signs tokens, ``encryption_keys`` seal secrets at rest, newest first."""

    secret_key: str = field(repr=False)
    encryption_keys: tuple[str, ...] = field(repr=False)


def load_or_make(data_dir: Path) -> Keys:
    """The keys in the data folder; what is missing is made there (mode 0600), once, whoever else starts at the same time.

    Raises SettingsError when a key file cannot be read or written, or is empty.
    """
    secret = _lines(data_dir / SECRET, lambda: secrets.token_urlsafe(48))
    encryption = _lines(data_dir / ENCRYPTION, new_key)
    return Keys(secret[0], tuple(encryption))


def kept(data_dir: Path) -> tuple[str, ...]:
    """The encryption keys that the data folder holds; none when it was never asked to make them."""
    return load_or_make(data_dir).encryption_keys if (data_dir / ENCRYPTION).exists() else ()


def add_key(data_dir: Path) -> Keys:
    """Makes a new encryption key and puts it before the others."""
    old = load_or_make(data_dir)
    _replace(data_dir / ENCRYPTION, (new_key(), *old.encryption_keys))
    return load_or_make(data_dir)


def _lines(path: Path, make: Callable[[], str]) -> list[str]:
    try:
        if not path.exists():
            _create(path, make())
        lines = [line.strip() for line in path.read_text().splitlines() if line.strip()]
    except OSError as e:
        raise SettingsError(f"the key file {path} cannot be used: {e.strerror}") from e
    if not lines:
        raise SettingsError(f"the key file {path} is empty: restore it from a backup, or remove it and connect again")
    return lines


def _create(path: Path, text: str) -> None:
    """Complete or not at all, and never over another process's file."""
    draft = _draft(path, (text,))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _replace(path: Path, lines: Sequence[str]) -> None:
    _draft(path, lines).replace(path)


def _draft(path: Path, lines: Sequence[str]) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return draft
