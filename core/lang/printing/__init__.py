"""Documents back to text: JSON, YAML and the text language, loss-free up to the normal form.

``definition`` everywhere = the bare FlowDefinition, or the envelope {slug, name, description, status, triggers, flowDefinition},
as plain JSON. What is printed reads as ``normal(definition)`` again: that is looked at each time, and a document that the short
forms cannot say is printed in the long one.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.lang.printing.formatting import WouldLose, formatted
from core.lang.printing.json_form import to_json
from core.lang.printing.normal import normal
from core.lang.printing.text_form import Unsayable, to_text
from core.lang.printing.yaml_form import to_yaml

PRINTERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {"json": to_json, "yaml": to_yaml, "flow": to_text}
"""Notation -> its printer. The text language raises Unsayable for what is no sound flow."""

__all__ = ["PRINTERS", "Unsayable", "WouldLose", "formatted", "normal", "to_json", "to_text", "to_yaml"]
