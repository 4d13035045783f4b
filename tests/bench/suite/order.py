"""The same state whatever the order of rows and files, and whenever a run was killed."""

import os
import random
import re
import signal
import subprocess
import time

from .machine import PROGRAM, WORK, Broken, cpu_of, fresh, remove, run, say


def state(path):
    """The digest of the content that `doctor` tells, and what it says against the workspace: nothing where all is well."""
    told = run([PROGRAM, "doctor", "--db", path, "--format", "csv"], good=(0, 3))
    found = re.search(r"^content,.*?([0-9a-f]{32})", told.out, re.M)
    if not found:
        raise Broken(f"doctor tells no digest of the content:\n{told.out}")
    failed = [line for line in told.out.splitlines() if ",false," in line]
    return found.group(1), "; ".join(failed) or (None if told.code == 0 else told.out)


def clean(folder):
    path = fresh("clean.db")
    cost = run([PROGRAM, "import", "--db", path, folder / "events.csv"])
    digest, said = state(path)
    if said:
        raise Broken(f"doctor says of a clean import: {said}")
    return digest, cost


def order(report, folder, events):
    """Shuffled, partly doubled rows in 37 files, half of them late, one call a file."""
    parts = sorted(folder.glob("part-*.csv"))
    if not parts:
        report.note(f"SKIPPED: order at {events} events; there are no parts")
        return
    wanted, plain = clean(folder)
    path = fresh("order.db")
    cpu, peak = 0, 0
    for part in parts:
        cost = run([PROGRAM, "import", "--db", path, part])
        cpu, peak = cpu + cost.cpu, max(peak, cost.peak)
    found, said = state(path)
    if found != wanted:
        report.fail([f"order at {events} events: state {found} of {len(parts)} files, {wanted} of one clean import"])
    if said:
        report.fail([f"order at {events} events: doctor says {said}"])
    report.note(f"order at {events} events: {len(parts)} files, state {'equal' if found == wanted else 'DIFFERENT'}")
    report.pair("37 shuffled files, CPU; peer: one file in order", events, [cpu], [plain.cpu], "s")
    report.memory("37 shuffled files, peak memory", events, events // 10, peak)
    remove(path)
    remove(WORK / "clean.db")


def undo(report, folder, events):
    """An import taken back and brought again is the same state."""
    wanted, _ = clean(folder)
    path = WORK / "clean.db"
    for verb in ("undo", "redo"):
        cost = run([PROGRAM, "import", verb, "1", "--db", path])
        report.single(f"import {verb}, CPU", events, cost.cpu, "s")
        report.memory(f"import {verb}, peak memory", events, events // 10, cost.peak)
    found, said = state(path)
    if found != wanted or said:
        report.fail([f"undo and redo at {events} events: state {found}, {wanted} before; {said or 'doctor finds nothing'}"])
    remove(path)


def crash(report, folder, events, times):
    """SIGKILL at a random moment, then the same command again."""
    wanted, plain = clean(folder)
    dice = random.Random(events)
    whole = 0
    for nth in range(times):
        path = fresh("crash.db")
        command = [PROGRAM, "import", "--db", path, folder / "events.csv"]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "TZ": "UTC"})
        # In CPU seconds, so that the moment lies within the import on a machine that is busy with something else.
        after = plain.cpu * dice.uniform(0.05, 0.9)
        while child.poll() is None and cpu_of(child.pid) < after:
            time.sleep(0.005)
        child.send_signal(signal.SIGKILL)
        if child.wait() != -signal.SIGKILL:
            report.note(f"crash {nth + 1} at {events} events: the import was over before it could be killed")
        said = run(command).out.strip().splitlines()[-1].strip()
        say(f"crash {nth + 1}: killed after {after:.1f} CPU s; {said}")
        found, against = state(path)
        wrong = [f"state differs from a clean import, killed after {after:.2f} CPU s"] if found != wanted else []
        if f"read {events} = " not in said:
            wrong.append(f"the same command again says {said}")
        wrong += [f"doctor says {against}"] if against else []
        whole += not wrong
        report.fail([f"crash at {events} events: {line}" for line in wrong])
    report.note(f"crash at {events} events: killed {times} times, {whole} came to the state of a clean import")
    for name in ("crash.db", "clean.db"):
        remove(WORK / name)
