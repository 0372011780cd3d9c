"""The compiler: JSON and YAML to a document, to diagnostics, to a sealed program. Pure: no I/O, no clock.

``compile_definition(definition, registry)`` and ``compile_text(text, registry)`` answer a ``Compilation``;
``check_triggers(triggers, program, registry)`` looks at how a program is started.
"""

from core.lang.compilation import Compilation, compile_definition, compile_text
from core.lang.triggers import check_triggers
from core.lang.workspace import Workspace

__all__ = ["Compilation", "Workspace", "check_triggers", "compile_definition", "compile_text"]
