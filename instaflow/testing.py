"""What tests of flows and plugins may import."""

from core.testing.instagram import FakeInstagram, NoSuchButton, Sent

__all__ = ["FakeInstagram", "NoSuchButton", "Sent"]
