"""What a process of the tree needs from Linux: to die with its parent, and to stop when asked."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int | None = None) -> None:
    """The kernel kills this process when its parent dies, so that no orphan keeps consuming (durability 1.2).

    ``parent`` is the expected parent's pid: when it is gone already, the process ends at once. Elsewhere than on Linux
    this does nothing.
    """
    try:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (AttributeError, OSError):
        return
    if parent is not None and os.getppid() != parent:
        os._exit(1)
