"""What was measured, beside the budgets of the design."""

import datetime
import re

from .machine import describe, exponent, median, say

MIB_256 = 256.0
# Events that the budgets are of, unless a name says another size.
BUDGETED = 10_000_000
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


HEAD = """# Results of tests/bench/run

Medians of alternating runs on one machine. Budgets are of 10M events and 1M users. At other sizes, and of a start where
nothing is counted yet, they are for orientation, and what is said of them stands in brackets.
A section that was measured later than the others has replaced only its own part.
"""


def limit_of(kind, value):
    """A limit in words."""
    if value is None:
        return "-"
    return {"times": f">= {figure(value)}x", "share": f"<= {figure(value)}x of peer", "most": f"<= {figure(value)}"}[kind]


def figure(value):
    if value is None:
        return "-"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:,.0f}"


class Report:
    """Writes each section into the file while it is measured, and leaves the other sections as they are."""

    def __init__(self, path, versions, order):
        """Sections stand in this order."""
        self.path, self.versions, self.order = path, versions, order
        self.failures = []
        self.section = ""
        self.rows, self.lines = [], []

    def begin(self, section):
        self.section, self.rows, self.lines = section, [], []

    def note(self, text):
        self.lines.append(text)
        say(text)
        self.write()

    def fail(self, lines):
        """An answer or a state that is not right: times mean nothing beside it."""
        for line in lines:
            self.failures.append(f"{self.section}: {line}")
            self.lines.append(f"WRONG: {line}")
            say(f"WRONG: {line}")
            self.write()

    def pair(self, what, events, ours, theirs, unit, budget=None):
        self._add(what, events, median(ours), median(theirs) if theirs else None, unit, budget)

    def single(self, what, events, value, unit, budget=None, binds=True):
        """A budget that does not bind is for orientation."""
        self._add(what, events, value, None, unit, budget, binds)

    def memory(self, what, events, users, peak):
        """Peak memory against 256 MiB and 40 bytes a user, half of which is aimed at."""
        must = MIB_256 + 40 * users / 2**20
        self._add(what, events, peak, None, "MiB", ("most", must, must / 2))

    def _add(self, what, events, ours, theirs, unit, budget, binds=True):
        kind, must, aim = BUDGETS[budget] if isinstance(budget, str) else (budget or (None, None, None))
        ratio = theirs / ours if theirs is not None and ours else None
        value = {"times": ratio, "share": ratio and 1 / ratio, "most": ours}.get(kind)
        binds &= not isinstance(budget, str) or events == BUDGETED or budget.endswith("of 100M")

        def met(limit):
            if limit is None or value is None:
                return "-"
            is_met = value >= limit if kind == "times" else value <= limit
            return ("met" if is_met else "MISSED") if binds else ("(met)" if is_met else "(missed)")

        cells = [what, f"{events:,}", f"{figure(ours)} {unit}".strip()]
        cells.append(f"{figure(theirs)} {unit}".strip() if theirs is not None else "")
        cells.append(f"{ratio:.3g}x" if ratio else "")
        cells += [limit_of(kind, must), met(must), limit_of(kind, aim), met(aim)] if kind else [""] * 4
        self.rows.append((what, events, ours, cells))
        say(" | ".join(cell for cell in cells if cell))
        self.write()

    def _growth(self):
        """Rows measured at two sizes or more: with which power of the number of events the cost grows."""
        sizes = {}
        for what, events, ours, _ in self.rows:
            if ours:
                sizes.setdefault(what, {})[events] = ours
        for what, costs in sizes.items():
            if len(costs) > 1:
                small, large = min(costs), max(costs)
                yield what, small, large, exponent(costs[small], costs[large], large / small)

    def _part(self):
        lines = [f"## {self.section}", "", f"{datetime.date.today()}. " + "; ".join(describe() + self.versions) + "."]
        if self.lines:
            lines += ["", *(f"- {line}" for line in self.lines)]
        if self.rows:
            lines += ["", "| what | events | quarterdeck | peer | peer / ours | must | | aim | |", "|---|---|---|---|---|---|---|---|---|"]
            lines += ["| " + " | ".join(cells) + " |" for *_, cells in self.rows]
        if grown := list(self._growth()):
            lines += ["", "Growth of cost with events:", "", "| what | from | to | exponent |", "|---|---|---|---|"]
            lines += [f"| {what} | {small:,} | {large:,} | {power:.2f} |" for what, small, large, power in grown]
        return "\n".join(lines) + "\n"

    def write(self):
        """Puts the section that was begun last into the file, after each row, so that a run that is cut leaves what it has."""
        order = self.order
        parts = sections(self.path.read_text()) if self.path.exists() else {}
        parts[self.section] = self._part()
        known = sorted(parts, key=lambda name: order.index(name) if name in order else len(order))
        self.path.write_text("\n".join([HEAD, *(parts[name] for name in known)]))


def sections(text):
    """Parts of a written file by their names."""
    found = re.split(r"^## (.+)\n", text, flags=re.M)
    return {name: f"## {name}\n{part.rstrip()}\n" for name, part in zip(found[1::2], found[2::2])}
