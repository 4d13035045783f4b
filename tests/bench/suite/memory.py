"""Peak memory of imports: in order, shuffled, NDJSON, and a file made to hurt; what imports and the dashboard allocate."""

import itertools
import re
import shutil

from .machine import EXAMPLES, PROGRAM, WORK, fresh, remove, run
from .setup import examples
from .start import has_number
from .terminal import Pty

LONG_MIB, OPEN_MIB = 128, 8


def peak(file, good=(0, 3)):
    return run([PROGRAM, "import", "--db", fresh("memory.db"), file], good=good).peak


def shuffled(folder, events):
    """One file of all the parts."""
    path = WORK / f"shuffled{events}.csv"
    if not path.exists():
        with open(path, "wb") as out:
            for nth, part in enumerate(sorted(folder.glob("part-*.csv"))):
                lines = part.read_bytes()
                out.write(lines if nth == 0 else lines.split(b"\n", 1)[1])
    return path


def hostile():
    """Good rows, a line without an end, a quote that never closes, and a new event name in every row."""
    path = WORK / "hostile.csv"
    if not path.exists():
        with open(path, "wb") as out:
            out.write(b"event_id,user_id,event,ts\n")
            for nth in range(500_000):
                out.write(b"e%d,u%d,name %d,2024-01-01T00:00:00Z\n" % (nth, nth, nth))
            for _ in range(LONG_MIB):
                out.write(b"a," * (1 << 19))
            out.write(b'\ne,u,"open,2024-01-01T00:00:00Z\n')
            for _ in range(OPEN_MIB):
                out.write(b"e1,u1,open\n" * (1 << 20 >> 4))
    return path


def heap(log):
    """Allocations and bytes that valgrind counted."""
    found = re.search(r"total heap usage: ([\d,]+) allocs, [\d,]+ frees, ([\d,]+) bytes", log.read_text())
    return [int(number.replace(",", "")) for number in found.groups()] if found else None


def allocations(report, folder, rows=(20_000, 120_000)):
    """What an event more allocates, by imports of two sizes, and what a start of the dashboard over the larger does."""
    if not shutil.which("valgrind"):
        report.note("SKIPPED: allocations; valgrind is not here")
        return
    log, path = WORK / "heap.log", WORK / "heap.db"
    examples("plain")
    watched = ["valgrind", f"--log-file={log}", EXAMPLES / "plain"]
    for file in ("events.csv", "events.ndjson"):
        found = []
        for count in rows:
            part = WORK / f"heap.{file}"
            with open(folder / file, "rb") as whole, open(part, "wb") as out:
                out.writelines(itertools.islice(whole, count + 1))
            run([*watched, "import", "--db", fresh(path.name), part])
            found.append(heap(log))
            part.unlink()
        if None in found:
            report.note(f"SKIPPED: allocations of {file}; valgrind tells none")
            continue
        more = [(large - small) / (rows[1] - rows[0]) for small, large in zip(*found)]
        report.single(f"{file}: allocations an event", rows[1], more[0], "")
        report.single(f"{file}: bytes allocated an event", rows[1], more[1], "B")
    pty = Pty([*watched, "--db", path])
    shown = pty.until(has_number, 60)
    pty.settle(2.0)
    pty.key("q")
    pty.settle(1.0, patience=10)
    pty.close()
    if (found := heap(log)) and shown:
        report.single("dashboard, a start: allocations", rows[1], found[0], "")
        report.single("dashboard, a start: allocated", rows[1], found[1] / 2**20, "MiB")
    remove(path)


def section(report, folder, events):
    report.memory("CSV in order", events, events // 10, peak(folder / "events.csv"))
    if (folder / "events.ndjson").exists():
        report.memory("NDJSON", events, events // 10, peak(folder / "events.ndjson"))
    if (folder / "part-00.csv").exists():
        report.memory("CSV shuffled, half late, in one file", events, events // 10, peak(shuffled(folder, events)))
    report.memory("hostile file of 500,000 users and names", 500_000, 500_000, peak(hostile(), good=(0, 1, 3, 4, 5)))
    remove(WORK / "memory.db")
