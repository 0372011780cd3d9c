"""Instagram accounts: connecting, health, settings, posts."""
