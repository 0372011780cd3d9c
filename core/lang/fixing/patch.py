"""Changes applied to the document itself."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from core.model.fix import Change


def patched(data: Any, changes: Iterable[Change]) -> Any:
    """A copy of the document with the changes made; KeyError, IndexError for a change of what is not there.

    >>> patched({"a": [1, 2]}, [Change("remove", ("a", 0))])
    {'a': [2]}
    """
    out = deepcopy(data)
    for change in changes:
        holder = out
        for key in change.place[:-1]:
            holder = holder[key]
        last = change.place[-1]
        if change.op == "remove":
            del holder[last]
        elif change.op == "replace":
            holder[last] = change.value
        else:
            items = [(change.value if k == last else k, v) for k, v in holder.items()]
            holder.clear()
            holder.update(items)
    return out
