"""The text language (``.flow``): lines, blocks, statements, and from them the same JSON document that the others give."""

from core.lang.text.read import Flow, read_flow, read_written

__all__ = ["Flow", "read_flow", "read_written"]
