"""What a long-lived process of ours needs: to die with its parent, and a garbage collector that does not look all the time."""

import ctypes
import gc
import os
import signal

PR_SET_PDEATHSIG = 1


PARENT = "_INSTAFLOW_PARENT"
"""Tells a child whose child it is, so that it can end when that process is gone already."""

WORKER_BESIDE = "_INSTAFLOW_WORKER_BESIDE"
"""Tells the processes of a tree that a worker runs in it too; a web process alone waits for none."""


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


def calm_collector() -> None:
    """After loading: what is there now is never looked at again, and new cycles are looked for seldom.

    A worker spent a tenth of its CPU looking for cycles that its hot path does not make.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
