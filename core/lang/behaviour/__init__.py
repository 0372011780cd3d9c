"""What two versions of a flow do differently for the people who meet them: not how they are written.

Both programs are walked side by side: the same answers, the same passing time, the same truth of each condition. Where what
they say, do or wait for is not the same, there is a ``Difference``; renaming, moving and commenting steps gives none.
"""

from core.lang.behaviour.diff import Difference, differences
from core.lang.behaviour.script import Script, script_of

__all__ = ["Difference", "Script", "differences", "script_of"]
"""``differences(old, new)`` in the order of how soon a contact meets them; ``script_of(difference)`` for ``simulate``."""
