"""The fake Instagram: the platform's contract over HTTP on this machine, for tests, demos and people who try flows."""

from core.testing.instagram.errors import GraphError
from core.testing.instagram.fake import FakeInstagram
from core.testing.instagram.faults import Faults, Rule
from core.testing.instagram.people import NoSuchButton
from core.testing.instagram.stage import Sent

__all__ = ["FakeInstagram", "Faults", "GraphError", "NoSuchButton", "Rule", "Sent"]
