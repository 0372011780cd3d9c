"""Notations: from text to plain JSON data, with a way to find the place of every value in the text."""

from core.lang.reading.source import Source, read

__all__ = ["Source", "read"]
