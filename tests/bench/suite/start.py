"""The dashboard on a terminal: start, keys, rest."""

import re
import shutil
import sqlite3
import time
from contextlib import closing

from .machine import PROGRAM, cpu_of, median, memory_of
from .terminal import Pty

TABS = "0123456789$#"
# What moves, opens, closes and narrows: pages, details, sections, pickers, periods, comparison.
KEYS = ["j", "k", ".", "j", "\r", "\x1b", "f", "\x1b", "J", "[", "]", "W", "M", "D", "v", "=", "\x1b"]


def has_number(lines):
    return any(re.match(r".New users +[\d,]+ ", line) for line in lines)


def starts(command, useful, quiet=0.5, patience=15.0):
    """Milliseconds from the start to the first useful frame and to the last byte before a silence."""
    pty = Pty(command)
    first = None
    last = began = pty.began
    while time.monotonic() - began < patience and (first is None or time.monotonic() - last < quiet):
        if pty.read(0.05):
            last = time.monotonic()
            if first is None and useful(pty.screen.lines()):
                first = last
    pty.close()
    return (first - began) * 1e3 if first else None, (last - began) * 1e3


def forget(workspace):
    """Makes the next start count its numbers, as the first one does after more days than an import counts ahead."""
    with closing(sqlite3.connect(workspace)) as database, database:
        database.execute("DELETE FROM headline")


def frames(report, workspace, bottom, events, times):
    ours, settled, theirs, other, counted, whole = [], [], [], [], [], []
    htop = shutil.which("htop")
    boxed = lambda lines: any("CPU" in line for line in lines)
    for _ in range(times):
        for first_times, last_times, before in ((counted, whole, forget), (ours, settled, None)):
            if before:
                before(workspace)
            first, last = starts([PROGRAM, "--db", workspace], has_number)
            if first is None:
                report.fail([f"start at {events} events: no headline number within 15 s"])
                return
            first_times.append(first)
            last_times.append(last)
        if bottom:
            theirs.append(starts([bottom], boxed, patience=3)[0])
        if htop:
            other.append(starts([htop], boxed, patience=3)[0])
    theirs, other = [t for t in theirs if t], [t for t in other if t]
    report.single("first frame with a number", events, median(ours), "ms", "first frame")
    if theirs:
        report.pair("first frame against bottom", events, ours, theirs, "ms", "first frame against bottom")
    if other:
        report.pair("first frame against htop", events, ours, other, "ms")
    report.single("all panels from the start", events, median(settled), "ms", "all panels")
    where = "start where nothing is counted"
    report.single(f"{where}: first frame with a number", events, median(counted), "ms", "first frame", binds=False)
    report.single(f"{where}: all panels", events, median(whole), "ms", "all panels", binds=False)


def keys(report, workspace, events):
    """From a key to the first byte of the response and to its last, on every tab. A key that changes nothing answers
    nothing; one that is slow has a second."""
    pty = Pty([PROGRAM, "--db", workspace])
    pty.settle(0.5)
    first, last = [], []
    for tab in TABS:
        for key in [tab, *KEYS]:
            pty.key(key)
            began, ended = pty.settle(0.3, patience=1.0)
            if began:
                first.append((began, f"{key!r} on {tab}"))
                last.append((ended, f"{key!r} on {tab}"))
    report.single("key to first byte, median", events, median([ms for ms, _ in first]), "ms")
    ms, where = max(first)
    report.single(f"key to first byte, worst ({where})", events, ms, "ms", "key")
    ms, where = max(last)
    report.single(f"key to last byte, worst ({where})", events, ms, "ms")
    report.single("memory after all tabs, peak", events, memory_of(pty.child.pid, "VmHWM"), "MiB")
    pty.close()


def idle(report, workspace, events, seconds):
    pty = Pty([PROGRAM, "--db", workspace])
    # At rest, when what is read ahead of questions is read.
    pty.settle(1.0)
    time.sleep(10)
    cpu, sent, draws = cpu_of(pty.child.pid), pty.bytes, pty.draws
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        pty.read(left)
    used = (cpu_of(pty.child.pid) - cpu) / seconds * 100
    report.single(f"idle CPU over {seconds} s", events, used, "%", "idle cpu")
    report.single(f"idle bytes over {seconds} s", events, pty.bytes - sent, "B", "idle bytes")
    report.single(f"idle writes over {seconds} s", events, pty.draws - draws, "", "idle bytes")
    pty.close()


def section(report, workspace, bottom, events, times, seconds):
    frames(report, workspace, bottom, events, times)
    keys(report, workspace, events)
    idle(report, workspace, events, seconds)
