"""What a password hash takes is given back to the system, whichever thread made it."""

import subprocess
import sys
from pathlib import Path

import pytest

HASHING = """
import threading
from pathlib import Path
from core.services.passwords import MEMORY_KIB, hashed

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4

hashed("seven grey herons")
before = resident()
for _ in range(6):
    thread = threading.Thread(target=hashed, args=("seven grey herons",))
    thread.start()
    thread.join()
print((resident() - before) * 100 // MEMORY_KIB)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux for the memory")
def test_hashes_in_many_threads_leave_no_memory_behind() -> None:
    done = subprocess.run([sys.executable, "-c", HASHING], capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) < 50  # hundredths of one hash's memory
