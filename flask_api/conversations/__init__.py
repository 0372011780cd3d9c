"""The inbox: conversations, messages, notes."""
