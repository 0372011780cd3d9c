"""What the owner is told: once for each cause, a repeat counts up (decision 19)."""

from collections.abc import Mapping
from typing import Any

from core.runtime.box import Box
from core.runtime.post import encode
from core.store.ids import new_id

COLUMNS = ("notification_id", "user_id", "account_id", "kind", "cause", "data", "count", "created_at")
CONFLICT = "ON CONFLICT (user_id, kind, cause) DO UPDATE SET count = notification.count + 1"


def notice(box: Box, kind: str, cause: str, data: Mapping[str, Any], now: int) -> None:
    """A notification for the account's owner."""
    text = encode({**data, "contactId": box.contact.id})
    box.notices.append((new_id(), box.account.user_id, box.account.id, kind, cause[:200], text, 1, now))
