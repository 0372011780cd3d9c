"""One module per revision; each can be undone."""
