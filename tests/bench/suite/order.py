"""The same state whatever the order of rows and files, and whenever a run was killed."""

import hashlib
import os
import random
import re
import signal
import subprocess
import time

from .machine import PROGRAM, WORK, cpu_of, fresh, remove, run, say


def state(path):
    """The digest that `doctor --digest` prints; that of all exported rows, sorted, where it has no such flag."""
    told = run([PROGRAM, "doctor", "--digest", "--db", path], good=(0, 1, 2, 3))
    found = re.search(r"^state ([0-9a-f]{32})$", told.out, re.M)
    if found:
        return found.group(1)
    export = subprocess.Popen([PROGRAM, "export", "events", "--db", path], stdout=subprocess.PIPE, env=environment())
    sort = subprocess.Popen(["sort", "-S", "512M"], stdin=export.stdout, stdout=subprocess.PIPE, env=environment())
    export.stdout.close()
    digest = hashlib.sha256()
    for block in iter(lambda: sort.stdout.read(1 << 20), b""):
        digest.update(block)
    if sort.wait() or export.wait():
        raise SystemExit("the export failed")
    return digest.hexdigest()[:32]


def environment():
    return {**os.environ, "TZ": "UTC", "LC_ALL": "C"}


def sound(path):
    """What `doctor` says against it; nothing where all is well."""
    checked = run([PROGRAM, "doctor", "--db", path], good=(0, 3))
    return None if checked.code == 0 else checked.out


def clean(folder):
    path = fresh("clean.db")
    cost = run([PROGRAM, "import", "--db", path, folder / "events.csv"])
    return state(path), cost


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
    found = state(path)
    if found != wanted:
        report.fail([f"order at {events} events: state {found} of {len(parts)} files, {wanted} of one clean import"])
    if said := sound(path):
        report.fail([f"order at {events} events: doctor says {said}"])
    report.note(f"order at {events} events: {len(parts)} files, state {'equal' if found == wanted else 'DIFFERENT'}")
    report.pair("order", "37 shuffled files, CPU; peer: one file in order", events, [cpu], [plain.cpu], "s")
    report.memory("order", "37 shuffled files, peak memory", events, events // 10, peak)
    remove(path)
    remove(WORK / "clean.db")


def crash(report, folder, events, times):
    """SIGKILL at a random moment, then the same command again."""
    wanted, plain = clean(folder)
    dice = random.Random(events)
    for nth in range(times):
        path = fresh("crash.db")
        command = [PROGRAM, "import", "--db", path, folder / "events.csv"]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
        # In CPU seconds, so that the moment lies within the import on a machine that is busy with something else.
        after = plain.cpu * dice.uniform(0.05, 0.9)
        while child.poll() is None and cpu_of(child.pid) < after:
            time.sleep(0.005)
        child.send_signal(signal.SIGKILL)
        if child.wait() != -signal.SIGKILL:
            report.note(f"crash {nth + 1} at {events} events: the import was over before it could be killed")
        again = run(command)
        said = again.out.strip().splitlines()[-1].strip()
        say(f"crash {nth + 1}: killed after {after:.1f} CPU s; {said}")
        wrong = [f"state differs from a clean import, killed after {after:.2f} s"] if state(path) != wanted else []
        if f"read {events} = " not in said:
            wrong.append(f"the same command again says {said}")
        wrong += [f"doctor says {said}"] if (said := sound(path)) else []
        report.fail([f"crash at {events} events: {line}" for line in wrong])
    report.note(f"crash at {events} events: killed {times} times, each went on to the end")
    for name in ("crash.db", "clean.db"):
        remove(WORK / name)
