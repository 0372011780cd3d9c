"""From the document to the program: node types write states with a pen, and disappear."""

from core.lang.lowering.lower import lower

__all__ = ["lower"]
