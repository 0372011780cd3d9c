"""Documents back to text: JSON and YAML, loss-free up to the normal form.

``definition`` everywhere = the bare FlowDefinition, or the envelope {slug, name, description, status, triggers, flowDefinition},
as plain JSON. What is printed reads as ``normal(definition)`` again: that is looked at each time, and a document that the short
forms cannot say is printed in the long one.
"""

from core.lang.printing.json_form import to_json
from core.lang.printing.normal import normal
from core.lang.printing.yaml_form import to_yaml

__all__ = ["normal", "to_json", "to_yaml"]
