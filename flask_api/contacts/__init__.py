"""Contacts and tags."""
