"""Answers and their times, against DuckDB on the same machine in the same run."""

import datetime
import json
import time

from . import oracle
from .machine import WORK, fresh, median, quantile, remove, run, say, PROGRAM
from .talk import Duck, Probe

CHANNELS = ("organic", "paid_search", "paid_social", "influencer", "affiliate", "email", "referral", "display", "video")
EVENTS = ("purchase", "view_item", "search", "add_to_cart", "checkout", "share", "settings", "app_open")
PLATFORMS = ("ios", "android", "web", "mini")
SEGMENTS = ("", "channel=email", "platform=ios", "event=purchase", "platform=ios event=purchase", "channel=email platform=ios")
NAMES = (
    "triangle.day",
    "triangle.week",
    "triangle.month",
    "dau",
    "wau",
    "mau",
    "growth.day",
    "growth.week",
    "growth.month",
    "revenue.day",
    "revenue.week",
    "funnel",
)
# Up to how many events the oracles in plain words are asked too, and seconds for any statement of DuckDB.
NAIVE, LIMIT = 2_000_000, 60
TIMED = ("triangle.day", "triangle.week", "dau", "wau", "mau", "growth.week", "revenue.day", "funnel", "panels")


def is_defined(name, segment):
    """Money has neither platform nor event, and the steps of a funnel are events already."""
    what = name.split(".")[0]
    return not (
        (what == "revenue" and ("platform" in segment or "event" in segment)) or (what == "funnel" and "event" in segment)
    )


def questions(names=NAMES):
    return [f"{name} {segment}".strip() for segment in SEGMENTS for name in names if is_defined(name, segment)]


def made(events):
    """The workspace of a size, kept for the sections on a terminal."""
    return WORK / f"queries{events}.db"


def workspace(folder, name):
    """A workspace with events, orders and spend."""
    path = fresh(name)
    for file in ("events.csv", "orders.csv", "spend.csv"):
        run([PROGRAM, "import", "--db", path, folder / file])
    return path


def check(report, probe, duck, events):
    """Every cell of every question must be equal: how many were compared, and what is not.

    Oracles in plain words are asked only where they are fast.
    """
    (history,) = duck.rows("SELECT min(ts)::DATE, max(ts)::DATE FROM ev")
    first, last = (datetime.date.fromisoformat(day) for day in history[0])
    compared, wrong = 0, []
    for nth, question in enumerate(questions(), 1):
        began = time.monotonic()
        ours = probe.rows(question)
        for naive in (True, False) if events <= NAIVE else (False,):
            rows = duck.rows(*oracle.statements(question, naive=naive), limit=LIMIT)
            if rows is None:
                report.note(f"{events} events: {question} not compared, DuckDB took longer than {LIMIT} s")
            elif found := oracle.difference(ours, oracle.shaped(question, rows, first, last)):
                wrong.append(f"{question}: {found}" + (" (plain oracle)" if naive else ""))
                break
        compared += rows is not None
        if nth % 10 == 0 or time.monotonic() - began > 10:
            say(f"{nth} of {len(questions())} compared, {question}: {time.monotonic() - began:.1f} s")
    return compared, wrong


def polars_check(python, folder, probe):
    """A second opinion on two series; what is not equal."""
    code = f"""
import json, polars as pl
ud = (pl.scan_csv("{folder}/events.csv").select(u="user_id", d=pl.col("ts").str.slice(0, 10)).unique()).collect(engine="streaming")
dau = ud.group_by("d").len().sort("d")
new = ud.group_by("u").agg(pl.col("d").min()).group_by("d").len().sort("d")
print(json.dumps([[list(r) for r in dau.rows()], [list(r) for r in new.rows()]]))
"""
    dau, new = json.loads(run([python, "-c", code]).out.splitlines()[-1])
    wrong = []
    for question, theirs in (("dau", dau), ("growth.day", new)):
        ours = [row for row in probe.rows(question)[0] if row[1]]
        if found := oracle.difference([ours], [theirs]):
            wrong.append(f"{question} against polars: {found}")
    return wrong


def pairs(one, other, times):
    """Milliseconds of both, in turn."""
    left, right = [], []
    for _ in range(times):
        left.append(one())
        if other:
            right.append(other())
    return left, right


def changes(probe, segments, times):
    """The panels of segments that were not asked for before, in an engine that the dashboard has asked what its start asks:
    the panels, and the names from which a segment is chosen. Of each segment the median of so many engines."""
    rounds = []
    for _ in range(times):
        probe.open()
        probe.ms("panels")
        probe.ms("choices")
        rounds.append([probe.ms(f"panels {segment}") for segment in segments])
    return [median(found) for found in zip(*rounds)]


def section(report, python, folder, events, times):
    path = workspace(folder, made(events).name)
    database = WORK / f"queries{events}.duckdb"
    remove(database)
    if not python:
        report.note("SKIPPED: equality and times against DuckDB, which is not here")
        with Probe(path) as probe:
            timed(report, probe, None, events, times)
        return
    with Probe(path) as probe, Duck(python, database) as duck:
        oracle.load(duck, folder)
        say(f"comparing {len(questions())} answers at {events} events")
        compared, wrong = check(report, probe, duck, events)
        wrong += polars_check(python, folder, probe)
        report.fail([f"{events} events: {line}" for line in wrong])
        if not wrong:
            report.note(f"{events} events: {compared} answers equal to DuckDB's in every cell, 2 to polars'")
        report.note("a warm series of days may come from memory; the first answers of a segment are under segment change")
        timed(report, probe, duck, events, times)
    remove(database)


def timed(report, probe, duck, events, times):
    for question in TIMED:
        raw = (lambda: duck.ms(*oracle.statements(question), limit=LIMIT) or LIMIT * 1e3) if duck else None
        left, right = pairs(lambda: probe.ms(question), raw, max(times, 1))
        left += [probe.ms(question) for _ in range(9 - len(left))]
        report.pair(f"{question}, warm, against DuckDB raw", events, left, right, "ms", budget(question, "raw"))
        if duck and question.split(".")[0] not in ("revenue", "funnel"):
            rollup = lambda: duck.ms(*oracle.statements(question, rollup=True))
            left, right = pairs(lambda: probe.ms(question), rollup, max(times, 1))
            label = f"{question}, warm, against DuckDB on the same rollup"
            report.pair(label, events, left, right, "ms", budget(question, "rollup"))
    if events >= 100_000_000:
        report.single("all panels, warm", events, median([probe.ms("panels") for _ in range(9)]), "ms", "panels of 100M")
    opened = [probe.open() for _ in range(max(times, 1))]
    report.single("open to the first status", events, median(opened), "ms")
    cold = []
    for _ in range(max(times, 1)):
        probe.open()
        cold.append(probe.ms("panels"))
    report.single("all panels, first in an open workspace", events, median(cold), "ms")
    one = [f"channel={name}" for name in CHANNELS] + [f"event={name}" for name in EVENTS]
    one += [f"platform={name}" for name in PLATFORMS]
    found = changes(probe, one, max(times, 1))
    report.single("segment change, one attribute: median", events, median(found), "ms", "segment")
    report.single("segment change, one attribute: worst", events, max(found), "ms", "segment")
    two = [f"platform={platform} event={event}" for event in EVENTS[:3] for platform in PLATFORMS[:2]]
    two += [f"channel={channel} event=purchase" for channel in CHANNELS[:3]]
    found = changes(probe, two, max(times, 1))
    report.single("segment change, two attributes: median", events, quantile(found, 0.5), "ms", "any segment")
    report.single("segment change, two attributes: worst", events, max(found), "ms", "any segment")


def budget(question, peer):
    return {("panels", "rollup"): "panels", ("funnel", "raw"): "funnel"}.get((question, peer))
