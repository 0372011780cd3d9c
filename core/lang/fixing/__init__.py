"""What mends a finding: made by the checks as changes of the document, written into the text in its own notation.

``reworded``, ``renamed``, ``removed`` and ``meant`` make fixes; ``with_edits`` writes them for a text; ``mended`` applies those of a text.
"""

from core.lang.fixing.apply import Mended, applied, mended
from core.lang.fixing.edits import with_edits
from core.lang.fixing.make import meant, removed, renamed, reworded
from core.lang.fixing.patch import patched

__all__ = ["Mended", "applied", "meant", "mended", "patched", "removed", "renamed", "reworded", "with_edits"]
