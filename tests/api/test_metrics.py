"""The counters of requests are made once, whoever comes first."""

import subprocess
import sys

CODE = """
import sys, threading
sys.setswitchinterval(1e-6)
from flask_api import metrics
start, failed = threading.Barrier(16), []
def first():
    start.wait()
    try:
        metrics.request("GET", "api.one", 200, 0.1)
    except Exception as e:
        failed.append(e)
threads = [threading.Thread(target=first) for _ in range(16)]
for t in threads: t.start()
for t in threads: t.join()
from prometheus_client import REGISTRY
print(failed, REGISTRY.get_sample_value("instaflow_http_requests_total", {"method": "GET", "operation": "one", "status": "200"}))
"""


def test_many_first_requests_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[] 16.0"
