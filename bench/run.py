"""``make bench``: InstaFlow beside hand-written bots, in one run on one machine; prints a table and the ratios.

python bench/run.py [--seconds 4] [--rounds 1] [--systems a,b] [--out results.json]
"""

import argparse
import hashlib
import hmac
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from systems import PATH, SECRET, SYSTEMS, System

HERE = Path(__file__).parent
IGLOAD = HERE / "build" / "igload"
CLIENTS = (1, 8, 64)
OFFSET = 5_000_000


def build() -> None:
    """Compiles the load generator when its source is newer. Needs a C compiler (``.ci/compiler`` finds one)."""
    source = HERE / "load" / "igload.c"
    if IGLOAD.exists() and IGLOAD.stat().st_mtime >= source.stat().st_mtime:
        return
    IGLOAD.parent.mkdir(exist_ok=True)
    subprocess.run(["cc", "-O2", "-o", str(IGLOAD), str(source)], check=True)


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def accepted(port: int) -> bool:
    """True when a signed webhook for an unknown account is answered 200."""
    body = b'{"object":"instagram","entry":[{"id":"1","time":1,"messaging":[]}]}'
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("POST", PATH, body, {"Content-Type": "application/json", "X-Hub-Signature-256": signature})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def load(system: System, sink: int, run: int, **options: Any) -> dict[str, Any]:
    """One run of the generator, with the CPU that the system used in it."""
    command = [
        str(IGLOAD),
        "--port",
        str(system.port),
        "--sink-port",
        str(sink),
        "--secret",
        SECRET,
        "--offset",
        str(run * OFFSET),
        "--echo",
    ]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    before = system.cpu()
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=240)
    if done.returncode:
        raise SystemExit(f"igload failed: {done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout)
    time.sleep(0.3)
    print(done.stdout, file=sys.stderr)
    result["cpu_ms"] = round((system.cpu() - before) * 1000 / max(1, result["replies"] or result["sent"]), 3)
    return result


def measure(name: str, seconds: float, rounds: int, events: int) -> dict[str, Any]:
    """Cold start, idle memory, closed loops at 1, 8 and 64 clients, a steady 50 events/s, and the audit of the rows."""
    folder, sink = Path(tempfile.mkdtemp(prefix="instaflow-bench-")), free_port()
    system = SYSTEMS[name](folder, free_port(), sink)
    contacts = {"contacts": 2000} if name.endswith("resumed") else {}
    try:
        system.prepare()
        began = time.monotonic()
        system.start()
        while not accepted(system.port):
            if time.monotonic() - began > 60:
                raise SystemExit(f"{name} did not accept a webhook: see {folder}")
            time.sleep(0.005)
        out: dict[str, Any] = {"system": name, "cold_s": round(time.monotonic() - began, 2)}
        time.sleep(4)
        out |= {"idle_pss_mib": round(system.memory()), "conditions": system.conditions}
        runs = [load(system, sink, 0, clients=8, events=events, seconds=1.5, **contacts)]
        for clients in CLIENTS:
            got = [
                load(system, sink, len(runs) + i, clients=clients, events=events, seconds=seconds, **contacts)
                for i in range(rounds)
            ]
            runs += got
            out[f"c{clients}"] = median(got)
        steady = [
            load(system, sink, len(runs) + i, clients=32, events=150, seconds=6, rate=50, **contacts)
            for i in range(rounds)
        ]
        runs += steady
        out["ack_p99_at_50"] = statistics.median(r["ack_ms"]["p99"] for r in steady)
        time.sleep(1)
        out["audit"] = system.audit(*(sum(r[k] for r in runs) for k in ("sent", "replies", "echoes")))
        out["lost"] = sum(r["lost"] + r["doubled"] + r["refused"] for r in runs)
        return out
    finally:
        system.stop()


def median(runs: list[dict[str, Any]]) -> dict[str, float]:
    """The medians over the rounds."""
    return {
        "events_per_s": statistics.median(r["events_per_s"] for r in runs),
        "p50": statistics.median(r["reply_ms"]["p50"] for r in runs),
        "p99": statistics.median(r["reply_ms"]["p99"] for r in runs),
        "cpu_ms": statistics.median(r["cpu_ms"] for r in runs),
    }


def table(rows: list[dict[str, Any]]) -> str:
    """The results for people."""
    head = (
        f"{'system':28}{'cold s':>7}{'idle MiB':>9}"
        + "".join(f"{f'ev/s c={c}':>11}{'p50/p99 ms':>15}{'CPU ms':>8}" for c in CLIENTS)
        + f"{'ack p99 @50/s':>15}"
    )
    lines = [head]
    for r in rows:
        cells = "".join(
            f"{r[f'c{c}']['events_per_s']:11.0f}{r[f'c{c}']['p50']:8.1f}/{r[f'c{c}']['p99']:<6.1f}{r[f'c{c}']['cpu_ms']:8.3f}"
            for c in CLIENTS
        )
        lines.append(f"{r['system']:28}{r['cold_s']:7.2f}{r['idle_pss_mib']:9}{cells}{r['ack_p99_at_50']:15.1f}")
        lines.append(
            f"    {r['conditions']}; lost, doubled or refused: {r['lost']}; audit: {'; '.join(r['audit']) or 'clean'}"
        )
    return "\n".join(lines)


def ratios(rows: list[dict[str, Any]]) -> str:
    """The bars, as ratios within this run."""
    by, lines = {r["system"]: r for r in rows}, []
    for ours, theirs, cpu_bar in (
        ("instaflow-sqlite", "bot-sqlite", 1 / 4),
        ("instaflow-pg-redis", "bot-redis-pg", 1 / 3),
    ):
        if ours in by and theirs in by:
            a, b = by[ours]["c64"], by[theirs]["c64"]
            lines.append(
                f"{ours} at 64 clients: {a['cpu_ms'] / b['cpu_ms']:.3f} x the CPU of {theirs} (bar {cpu_bar:.3f}), "
                f"{a['events_per_s'] / b['events_per_s']:.1f} x its events/s (bar 3)"
            )
    return "\n".join(lines)


def main() -> None:
    """Runs the systems one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--systems", default=",".join(SYSTEMS))
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--out", type=Path)
    a = parser.parse_args()
    build()
    rows = []
    for name in a.systems.split(","):
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        rows.append(measure(name, a.seconds, a.rounds, a.events))
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    print(table(rows), ratios(rows), f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores", sep="\n")
    if a.out:
        a.out.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
