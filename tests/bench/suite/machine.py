"""Processes with their cost, and figures of many runs."""

import math
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WORK = ROOT / "target" / "bench"
PROGRAM = ROOT / "target" / "release" / "quarterdeck"
EXAMPLES = ROOT / "target" / "release" / "examples"


BEGAN = time.monotonic()


class Broken(Exception):
    """A program that did not do what it was asked for."""


class Cost:
    """What a process took: seconds, CPU seconds, MiB at its peak."""

    def __init__(self, wall, usage, code, out):
        self.wall, self.code, self.out = wall, code, out
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss / 1024


def run(command, good=(0,), env=None, text=None):
    """Runs a process to its end; fails with what it said where its code is not among the good ones."""
    WORK.mkdir(parents=True, exist_ok=True)
    with open(WORK / f"out.{os.getpid()}", "w+") as out:
        began = time.monotonic()
        child = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE if text is not None else subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TZ": "UTC", **(env or {})},
        )
        if text is not None:
            child.stdin.write(text.encode())
            child.stdin.close()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
    os.unlink(out.name)
    if child.returncode not in good:
        raise Broken(f"{' '.join(map(str, command))} ended with {child.returncode}:\n{said}")
    return Cost(wall, usage, child.returncode, said)


def cpu_of(pid):
    """CPU seconds of a running process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid, field="VmRSS"):
    """MiB of a running process; `VmHWM` is its peak."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    return 0.0


def median(values):
    return statistics.median(values)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def exponent(small, large, factor):
    """With which power of the work the cost grows."""
    return math.log(large / small) / math.log(factor)


def remove(database):
    for end in ("", "-wal", "-shm", "-journal", ".wal"):
        Path(f"{database}{end}").unlink(missing_ok=True)


def fresh(name):
    """A new workspace in UTC and US dollars."""
    path = WORK / name
    remove(path)
    run([PROGRAM, "init", "--db", path, "--tz", "UTC", "--currency", "USD"])
    return path


def on_disk(database):
    return sum(
        Path(f"{database}{end}").stat().st_size for end in ("", "-wal") if Path(f"{database}{end}").exists()
    )


def describe():
    """Lines about the machine."""
    cpu = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = int(open("/proc/meminfo").readline().split()[1]) / 1024 / 1024
    return [f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {'.'.join(platform.release().split('.')[:2])}"]


def say(text):
    minutes, seconds = divmod(int(time.monotonic() - BEGAN), 60)
    print(f"[{minutes:3}:{seconds:02}] {text}", file=sys.stderr, flush=True)
