"""What was measured, beside the budgets of the design."""

import datetime

from .machine import describe, exponent, median, say

MIB_256 = 256.0
# Name: (kind, must, aim). `times` is how many times less than the peer, `share` the part of the first, `most` a limit.
BUDGETS = {
    "csv cpu sqlite": ("times", 3, 6),
    "csv cpu duckdb": ("times", 1.5, 3),
    "ndjson cpu duckdb": ("times", 1.5, 3),
    "again": ("share", 1, 0.4),
    "disk": ("most", 45, 34),
    "panels": ("times", 40, 150),
    "funnel": ("times", 20, 50),
    "segment": ("most", 30, 8),
    "any segment": ("most", 500, 100),
    "first frame": ("most", None, 10),
    "first frame against bottom": ("times", 1, None),
    "all panels": ("most", 120, 40),
    "live worst": ("most", 1000, 500),
    "live p99": ("most", None, 250),
    "key": ("most", 50, 16),
    "idle cpu": ("most", 0.3, 0.1),
    "idle bytes": ("most", 0, 0),
    "panels of 100M": ("most", 300, 100),
}


def verdict(met):
    return {True: "met", False: "MISSED", None: "-"}[met]


def figure(value):
    if value is None:
        return "-"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:,.0f}"


class Report:
    def __init__(self, versions):
        self.versions, self.rows, self.notes, self.failures = versions, [], [], []

    def note(self, text):
        self.notes.append(text)
        say(text)

    def fail(self, lines):
        """An answer or a state that is not right: times mean nothing beside it."""
        self.failures += lines
        for line in lines:
            say(f"WRONG: {line}")

    def pair(self, section, what, events, ours, theirs, unit, budget=None):
        theirs = median(theirs) if theirs else None
        self._add(section, what, events, median(ours), theirs, unit, budget)

    def single(self, section, what, events, value, unit, budget=None):
        self._add(section, what, events, value, None, unit, budget)

    def memory(self, section, what, events, users, peak):
        """Peak memory against 256 MiB and 40 bytes a user, half of which is aimed at."""
        must = MIB_256 + 40 * users / 2**20
        self._add(section, what, events, peak, None, "MiB", ("most", must, must / 2))

    def _add(self, section, what, events, ours, theirs, unit, budget):
        kind, must, aim = BUDGETS[budget] if isinstance(budget, str) else (budget or (None, None, None))
        ratio = theirs / ours if theirs is not None and ours else None
        value = {"times": ratio, "share": ratio and 1 / ratio, "most": ours}.get(kind)

        def met(limit):
            if limit is None or value is None:
                return None
            return value >= limit if kind == "times" else value <= limit

        limits = " / ".join(figure(limit) for limit in (must, aim)) if kind else ""
        row = (section, what, events, ours, theirs, unit, ratio, limits, met(must), met(aim))
        self.rows.append(row)
        say(" | ".join(self._cells(row)))

    @staticmethod
    def _cells(row):
        section, what, events, ours, theirs, unit, ratio, limits, must, aim = row
        cells = [what, f"{events:,}", f"{figure(ours)} {unit}"]
        cells.append(f"{figure(theirs)} {unit}" if theirs is not None else "")
        cells += [f"{ratio:.3g}x" if ratio else "", limits]
        return cells + ([verdict(must), verdict(aim)] if limits else ["", ""])

    def _growth(self):
        """Rows measured at two sizes or more: with which power of the number of events the cost grows."""
        sizes = {}
        for section, what, events, ours, *_ in self.rows:
            if ours:
                sizes.setdefault((section, what), {})[events] = ours
        for (section, what), costs in sizes.items():
            if len(costs) > 1:
                small, large = min(costs), max(costs)
                yield section, what, small, large, exponent(costs[small], costs[large], large / small)

    def text(self):
        lines = ["# Results of tests/bench/run", "", f"{datetime.date.today()}. " + "; ".join(describe()) + "."]
        lines += ["; ".join(self.versions) + ".", ""]
        lines += [f"- {note}" for note in self.notes]
        lines += [f"- WRONG: {line}" for line in self.failures]
        for section in dict.fromkeys(row[0] for row in self.rows):
            lines += ["", f"## {section}", ""]
            lines += ["| what | events | quarterdeck | peer | peer / ours | must / aim | must | aim |"]
            lines += ["|---|---|---|---|---|---|---|---|"]
            lines += ["| " + " | ".join(self._cells(row)) + " |" for row in self.rows if row[0] == section]
        if grown := list(self._growth()):
            lines += ["", "## Growth of cost with events", ""]
            lines += ["| section | what | from | to | exponent |", "|---|---|---|---|---|"]
            lines += [f"| {s} | {w} | {a:,} | {b:,} | {e:.2f} |" for s, w, a, b, e in grown]
        return "\n".join(lines) + "\n"
