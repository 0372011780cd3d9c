"""Files with personal data are for the owner's eyes only: database, queue, media (the keys are anyway)."""

import os
from pathlib import Path

from core.settings import Settings, load

OURS = ("instaflow.db*", "queue.db*", "media", "inhand")
"""What older versions made readable for everybody on the machine."""
OTHERS = 0o077


def load_private() -> Settings:
    """The settings; every file that this process and its children make from now on is private (mode 0600, folders 0700).

    Somebody else's data folder keeps its own ways. Raises SettingsError.
    """
    before = os.umask(OTHERS)
    settings = load()
    if settings.data_dir.stat().st_uid == os.geteuid():
        _tighten(settings.data_dir)
    else:
        os.umask(before)
    return settings


def _tighten(folder: Path) -> None:
    for pattern in OURS:
        for path in folder.glob(pattern):
            found = path.lstat()
            if found.st_uid == os.geteuid() and found.st_mode & OTHERS and not path.is_symlink():
                path.chmod(found.st_mode & 0o7777 & ~OTHERS)
