"""Flows: drafts, versions, switching on and off, runs."""
