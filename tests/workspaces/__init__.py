"""Workspaces: the file, the commands against a real server, properties."""
