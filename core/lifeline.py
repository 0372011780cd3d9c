"""What a process of the tree needs from Linux: to die with its parent, and to stop when asked."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1


PARENT = "_INSTAFLOW_PARENT"
"""Tells a child whose child it is, so that it can end when that process is gone already."""


def die_with_parent() -> None:
    """The kernel kills this process when its parent dies, so that no orphan keeps consuming (durability 1.2).

    Does nothing for a process that the tree did not start, and elsewhere than on Linux.
    """
    parent = os.environ.get(PARENT)
    if parent is None:
        return
    try:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (AttributeError, OSError):
        return
    if os.getppid() != int(parent):
        os._exit(1)
