"""The schema's history, one linear line: ``versions/r<number>_<word>.py``. Run by ``core.store.migrate``."""

from core.store.migrations.head import HEAD

__all__ = ["HEAD"]
