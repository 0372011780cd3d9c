"""
Every error that InstaFlow raises on purpose:

* InstaFlowError
  x SettingsError        a setting is missing or malformed; lists all of them
  x PluginError          a plugin broke its contract; names the plugin
    + DuplicateName
  x StoreError           the database cannot serve
    + StoreUnavailable   it is down, full or locked: answer 503, nothing was lost
    + SchemaBehind       it is not at the newest migration
    + Unsealable         a secret at rest cannot be opened with the keys at hand
    + BackupError        a backup or restore cannot be done
  x ServiceError         a use case refuses; carries the API's code, status and details
"""

from collections.abc import Mapping
from typing import Any


class InstaFlowError(Exception):
    """Base of all errors raised on purpose. Never raised itself."""


class SettingsError(InstaFlowError):
    """One or more settings are missing or malformed; the message has a line for each."""


class PluginError(InstaFlowError):
    """A plugin broke its contract."""


class DuplicateName(PluginError):
    """Two plugins register the same name."""


class StoreError(InstaFlowError):
    """The database cannot serve."""


class StoreUnavailable(StoreError):
    """The database is down, full or locked for too long."""


class SchemaBehind(StoreError):
    """The database is older than this program; run ``instaflow db upgrade``."""


class Unsealable(StoreError):
    """A sealed secret cannot be opened: its key is gone, it belongs to another row, or it was changed."""


class BackupError(StoreError):
    """A backup or restore cannot be done; the message says why."""


class ServiceError(InstaFlowError):
    """A use case refuses. ``status`` is the HTTP status, ``code`` the API's snake_case code."""

    def __init__(self, status: int, code: str, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.details: dict[str, Any] = dict(details or {})
