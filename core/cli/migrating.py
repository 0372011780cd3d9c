"""Migrating in a process of its own: what that takes (some 30 MiB of libraries) is given back when it ends."""

import os
import sys
import traceback


def migrate(url: str) -> None:
    """Brings the schema to this program's revision. Ends the process with the same status when that fails.

    The child is forked, since starting Python anew would double the time of a cold start; nothing here has threads yet.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os._exit(_upgraded(url))
    _, status = os.waitpid(child, 0)
    if status:
        sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1)


def _upgraded(url: str) -> int:
    try:
        from core.model.errors import InstaFlowError, SettingsError
        from core.store.migrate import upgrade

        try:
            upgrade(url)
        except InstaFlowError as e:
            sys.stderr.write(f"instaflow: {e}\n")
            return 2 if isinstance(e, SettingsError) else 1
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stderr.flush()
    return 0
