"""Peak memory of imports: in order, shuffled, NDJSON, and a file made to hurt."""

from .machine import PROGRAM, WORK, fresh, remove, run

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


def section(report, folder, events):
    report.memory("CSV in order", events, events // 10, peak(folder / "events.csv"))
    if (folder / "events.ndjson").exists():
        report.memory("NDJSON", events, events // 10, peak(folder / "events.ndjson"))
    if (folder / "part-00.csv").exists():
        report.memory("CSV shuffled, half late, in one file", events, events // 10, peak(shuffled(folder, events)))
    report.memory("hostile file of 500,000 users and names", 500_000, 500_000, peak(hostile(), good=(0, 1, 3, 4, 5)))
    remove(WORK / "memory.db")
