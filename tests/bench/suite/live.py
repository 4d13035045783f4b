"""A stream of 1,000 events a second while the dashboard is open on its Data screen, which counts the rows."""

import datetime
import json
import os
import subprocess
import threading
import time
from pathlib import Path

from .machine import PROGRAM, cpu_of, median, memory_of, quantile
from .terminal import Pty

RATE = 1_000
# Lines handed over at once; each has a time of its own.
CHUNK = 10


def shown(lines):
    """Rows of the source of events: the number before that of the rejected ones."""
    for line in lines:
        words = line[1:].split()
        if words[:1] == ["events"] and "0" in words[1:]:
            said = words[words.index("0") - 1].replace(",", "")
            return int(said) if said.isdigit() else None
    return None


class Source(threading.Thread):
    """Writes events on time; `sent` holds when each was handed to the pipe."""

    def __init__(self, pipe, seconds):
        super().__init__(daemon=True)
        self.pipe, self.count, self.sent = pipe, int(seconds * RATE), []

    def run(self):
        began, run = time.monotonic(), os.urandom(6).hex()
        for nth in range(0, self.count, CHUNK):
            time.sleep(max(0, began + nth / RATE - time.monotonic()))
            at = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
            lines = "".join(
                json.dumps(
                    {
                        "event_id": f"{run}-{n}",
                        "user_id": f"u{n * 7919 % 50_000:08}",
                        "event": "view_item",
                        "ts": at,
                        "platform": "ios",
                        "channel": "email",
                    }
                )
                + "\n"
                for n in range(nth, nth + CHUNK)
            )
            self.pipe.write(lines.encode())
            self.pipe.flush()
            self.sent += [time.monotonic()] * CHUNK
        self.pipe.close()


def sample(workspace, dashboard, ingest):
    wal = Path(f"{workspace}-wal")
    return (wal.stat().st_size / 2**20 if wal.exists() else 0, memory_of(dashboard), memory_of(ingest))


def watch(pty, source, base, workspace, ingest, seconds):
    """Seconds from each event to the screen, and samples of every second; until all are shown or it takes too long."""
    latencies, samples, seen = [], [], 0
    end = time.monotonic() + seconds + 10
    due = time.monotonic() + 1
    while seen < source.count and time.monotonic() < end:
        if pty.read(0.02):
            now, count = time.monotonic(), shown(pty.screen.lines())
            if count is not None and count - base > seen:
                # The event may reach the screen before its writer has noted the time.
                new = min(count - base, len(source.sent))
                latencies += [now - at for at in source.sent[seen:new]]
                seen = new
        if time.monotonic() > due and source.is_alive():
            samples.append(sample(workspace, pty.child.pid, ingest.pid))
            due += 1
    return latencies, samples


def section(report, workspace, events, seconds):
    pty = Pty([PROGRAM, "--db", workspace])
    pty.settle(0.5)
    pty.key("#")
    pty.settle(0.5)
    base = shown(pty.screen.lines())
    if base is None:
        report.fail(["live: the Data screen shows no rows of events"])
        pty.close()
        return
    ingest = subprocess.Popen(
        [PROGRAM, "ingest", "-", "--db", workspace],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TZ": "UTC"},
    )
    source = Source(ingest.stdin, seconds)
    cpu, sent = cpu_of(pty.child.pid), pty.bytes
    source.start()
    latencies, samples = watch(pty, source, base, workspace, ingest, seconds)
    used = cpu_of(pty.child.pid) - cpu
    _, _, usage = os.wait4(ingest.pid, 0)
    ingest.returncode = 0
    wire = pty.bytes - sent
    pty.close()
    if len(latencies) < source.count:
        report.fail([f"live: {len(latencies)} of {source.count} events came to the screen"])
    if latencies and samples:
        tell(report, events, seconds, [s * 1e3 for s in latencies], samples, used, usage, wire)


def tell(report, events, seconds, latencies, samples, used, usage, wire):
    add = lambda what, value, unit, budget=None: report.single(what, events, value, unit, budget)
    add("event to screen, p50", median(latencies), "ms")
    add("event to screen, p99", quantile(latencies, 0.99), "ms", "live p99")
    worst = max(latencies)
    add(f"event to screen, worst (second {latencies.index(worst) // RATE})", worst, "ms", "live worst")
    add("bytes a second on the wire", wire / seconds, "B")
    add("dashboard, CPU", used / seconds * 100, "%")
    add("ingest, CPU", (usage.ru_utime + usage.ru_stime) / seconds * 100, "%")
    tenth = max(len(samples) // 10, 1)
    for nth, what in enumerate(("write-ahead log", "dashboard, memory", "ingest, memory")):
        values = [row[nth] for row in samples]
        add(f"{what}, largest", max(values), "MiB")
        add(f"{what}, last tenth less second tenth", median(values[-tenth:]) - median(values[tenth : 2 * tenth] or values), "MiB")
