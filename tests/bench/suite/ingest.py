"""Import of files against sqlite3 and DuckDB: whole processes, in turn."""

import gzip
import shutil

from .machine import PROGRAM, WORK, fresh, on_disk, remove, run, say
from .talk import Duck


def ours(file, name="ingest.db", keep=False):
    """A clean import; its cost, and bytes on disk."""
    path = WORK / name if keep else fresh(name)
    cost = run([PROGRAM, "import", "--db", path, file])
    return cost, on_disk(path)


def sqlite(file):
    """`.import` of raw text without any index."""
    path = WORK / "ingest.sqlite"
    remove(path)
    script = f".mode csv\nPRAGMA journal_mode=WAL;\n.import '{file}' ev\n"
    cost = run(["sqlite3", path], text=script)
    size = on_disk(path)
    remove(path)
    return cost, size


def duckdb(python, file):
    """A table of a file; seconds and CPU seconds of the statement alone, without the start of an interpreter."""
    path = WORK / "ingest.duckdb"
    remove(path)
    reader = "read_json" if "json" in file.suffix else "read_csv"
    with Duck(python, path) as duck:
        seconds, cpu = duck.cost(f"CREATE TABLE ev AS SELECT * FROM {reader}('{file}')", "CHECKPOINT")
    size = on_disk(path)
    remove(path)
    return seconds, cpu, size


def has_sqlite():
    return shutil.which("sqlite3") is not None


def progress(ours, again, lite, duck):
    told = (("quarterdeck", ours), ("again", again), ("sqlite3", lite), ("DuckDB", duck))
    say("CPU s: " + ", ".join(f"{name} {cpu:.2f}" for name, cpu in told if cpu is not None))


def csv(report, python, file, events, times):
    left, first, again, lite, duck = [], [], [], [], []
    for nth in range(times):
        say(f"ingest {file.name}, pair {nth + 1} of {times}")
        cost, size = ours(file)
        left.append((cost, size))
        first.append(cost.cpu)
        again.append(ours(file, keep=True)[0])
        if has_sqlite():
            lite.append(sqlite(file))
        if python:
            duck.append(duckdb(python, file))
        progress(first[-1], again[-1].cpu, lite[-1][0].cpu if lite else None, duck[-1][1] if duck else None)
    add = lambda what, ours, theirs, unit, budget=None: report.pair(what, events, ours, theirs, unit, budget)
    cpu, wall = [c.cpu for c, _ in left], [c.wall for c, _ in left]
    add("CSV, CPU, against sqlite3 .import", cpu, [c.cpu for c, _ in lite], "s", "csv cpu sqlite")
    add("CSV, wall, against sqlite3 .import", wall, [c.wall for c, _ in lite], "s")
    add("CSV, CPU, against DuckDB read_csv", cpu, [c for _, c, _ in duck], "s", "csv cpu duckdb")
    add("CSV, wall, against DuckDB read_csv", wall, [w for w, _, _ in duck], "s")
    add("CSV again, CPU, against the first", [c.cpu for c in again], first, "s", "again")
    rows = lambda sizes: [size / events for size in sizes]
    add("bytes an event, sqlite3 beside", rows([s for _, s in left]), rows([s for _, s in lite]), "B", "disk")
    add("bytes an event, DuckDB beside", rows([s for _, s in left]), rows([s for _, _, s in duck]), "B", "disk")
    report.memory("CSV, peak memory", events, events // 10, max(c.peak for c, _ in left))


def ndjson(report, python, file, events, times):
    left, duck = [], []
    for nth in range(times):
        say(f"ingest {file.name}, pair {nth + 1} of {times}")
        left.append(ours(file)[0])
        if python:
            duck.append(duckdb(python, file))
        progress(left[-1].cpu, None, None, duck[-1][1] if duck else None)
    cpu, wall = [c.cpu for c in left], [c.wall for c in left]
    report.pair("NDJSON, CPU, against DuckDB read_json", events, cpu, [c for _, c, _ in duck], "s", "ndjson cpu duckdb")
    report.pair("NDJSON, wall, against DuckDB read_json", events, wall, [w for w, _, _ in duck], "s")
    report.memory("NDJSON, peak memory", events, events // 10, max(c.peak for c in left))


def packed(report, file, events):
    """One run: what unpacking adds."""
    path = WORK / f"events{events}.csv.gz"
    if not path.exists():
        with open(file, "rb") as plain, gzip.open(path, "wb", 1) as out:
            shutil.copyfileobj(plain, out, 1 << 20)
    report.single("CSV from gzip, CPU", events, ours(path)[0].cpu, "s")


def section(report, python, folder, events, times):
    if not has_sqlite():
        report.note("SKIPPED: sqlite3 is not on this machine")
    csv(report, python, folder / "events.csv", events, times)
    if (folder / "events.ndjson").exists():
        ndjson(report, python, folder / "events.ndjson", events, times)
    if events <= 20_000_000:
        packed(report, folder / "events.csv", events)
    remove(WORK / "ingest.db")
