"""A hundred million events: whether they work at all, and how the screens feel then. Not in a run of all sections."""

from .machine import PROGRAM, WORK, fresh, median, on_disk, remove, run
from .queries import Probe
from .start import has_number, starts

TIMES = 5


def section(report, folder, events):
    path = fresh("large.db")
    costs = [run([PROGRAM, "import", "--db", path, folder / file]) for file in ("events.csv", "orders.csv", "spend.csv")]
    report.single("import, CPU", events, sum(cost.cpu for cost in costs), "s")
    report.memory("import, peak memory", events, events // 20, max(cost.peak for cost in costs))
    report.single("bytes an event on disk", events, on_disk(path) / events, "B", "disk")
    with Probe(path) as probe:
        first = probe.ms("panels")
        report.single("all panels, first in an open workspace", events, first, "ms")
        warm = [probe.ms("panels") for _ in range(9)]
        report.single("all panels, warm", events, median(warm), "ms", "panels of 100M")
        probe.ms("funnel")
        report.single("funnel, warm", events, median([probe.ms("funnel") for _ in range(TIMES)]), "ms")
    found = [starts([PROGRAM, "--db", path], has_number, patience=60) for _ in range(TIMES)]
    report.single("first frame with a number", events, median([first for first, _ in found if first]), "ms")
    report.single("all panels from the start", events, median([last for _, last in found]), "ms")
    remove(WORK / "large.db")
