"""The questions of the probe in DuckDB's SQL, and the two answers held against each other.

Statements come in two kinds. `naive` ones say a definition in the plainest words and serve as the oracle; `quick` ones
are what somebody who knows DuckDB would write, and are what is timed. Where they differ both must give the same.
"""

import datetime

WIDTH = {"day": 30, "week": 52, "month": 12}
STEPS = ("app_open", "view_item", "add_to_cart", "purchase")
LOAD = (
    "CREATE OR REPLACE TABLE ev AS SELECT * FROM read_csv('{folder}/events.csv')",
    "CREATE OR REPLACE TABLE orders AS SELECT * FROM read_csv('{folder}/orders.csv', types = {{'amount': 'DECIMAL(18,6)'}})",
    "CREATE OR REPLACE TABLE users AS SELECT user_id, arg_min(channel, ts) AS channel,"
    " row_number() OVER (ORDER BY min(ts), user_id)::INT AS u FROM ev GROUP BY user_id",
    "CREATE OR REPLACE TABLE ud AS SELECT DISTINCT u, ts::DATE AS d FROM ev JOIN users USING (user_id) ORDER BY d, u",
)


def load(duck, folder):
    duck.rows(*[sql.format(folder=folder) for sql in LOAD])


def limits(words):
    return dict(word.split("=", 1) for word in words)


def where(limit):
    tests = [f"{name} = '{limit[name]}'" for name in ("platform", "event") if name in limit]
    if "channel" in limit:
        tests.append(f"user_id IN (SELECT user_id FROM users WHERE channel = '{limit['channel']}')")
    return " WHERE " + " AND ".join(tests) if tests else ""


def presence(limit, rollup):
    if rollup:
        return "ud AS MATERIALIZED (SELECT u, d FROM main.ud)"
    return f"ud AS MATERIALIZED (SELECT DISTINCT user_id AS u, ts::DATE AS d FROM ev{where(limit)})"


def bucketed(grain):
    return f"b AS (SELECT DISTINCT u, date_trunc('{grain}', d)::DATE AS d FROM ud)"


def triangle(grain, limit, rollup=False):
    return f"""WITH {presence(limit, rollup)}, {bucketed(grain)},
        f AS (SELECT u, min(d) AS c FROM b GROUP BY u)
        SELECT c, date_diff('{grain}', c, d) AS n, count(*) FROM b JOIN f USING (u)
        WHERE date_diff('{grain}', c, d) <= {WIDTH[grain]} GROUP BY ALL"""


def active(limit, rollup=False):
    return f"WITH {presence(limit, rollup)} SELECT d, count(*) FROM ud GROUP BY d"


def rolling_naive(days, limit):
    return f"""WITH {presence(limit, False)}
        SELECT x.d, count(DISTINCT ud.u) FROM (SELECT DISTINCT ts::DATE AS d FROM ev) x
        JOIN ud ON ud.d BETWEEN x.d - {days - 1} AND x.d GROUP BY x.d"""


def rolling(days, limit, rollup=False):
    return f"""WITH {presence(limit, rollup)},
        spans AS (SELECT d, lag(d) OVER (PARTITION BY u ORDER BY d) AS p FROM ud),
        steps AS (SELECT greatest(d, coalesce(p + {days}, d)) AS d, 1 AS n FROM spans
            UNION ALL SELECT d + {days}, -1 FROM spans),
        sums AS (SELECT d, sum(n) AS n FROM steps GROUP BY d)
        SELECT d, sum(n) OVER (ORDER BY d)::BIGINT FROM sums"""


def growth(grain, limit, rollup=False):
    return f"""WITH {presence(limit, rollup)}, {bucketed(grain)},
        o AS (SELECT d, lag(d) OVER w AS p, lead(d) OVER w AS x FROM b WINDOW w AS (PARTITION BY u ORDER BY d))
        SELECT d, count(*) FILTER (p IS NULL), count(*) FILTER (p = d - INTERVAL 1 {grain}),
            count(*) FILTER (p < d - INTERVAL 1 {grain}), 0 FROM o GROUP BY d
        UNION ALL SELECT (d + INTERVAL 1 {grain})::DATE, 0, 0, 0, count(*) FROM o
            WHERE x IS NULL OR x > d + INTERVAL 1 {grain} GROUP BY d"""


def revenue(grain, limit):
    return f"""SELECT date_trunc('{grain}', ts)::DATE, (sum(amount) * 1000000)::BIGINT FROM orders{where(limit)}
        GROUP BY ALL"""


def funnel_naive(limit):
    """The latest entry that leads to each event; rows of one time see each other, so ties count as ordered."""
    walk, before = "", "e"
    for step, name in enumerate(STEPS[1:], 1):
        walk += f""", s{step} AS (SELECT *, CASE WHEN event = '{name}' AND
            max(t{step - 1}) OVER w >= ts - INTERVAL 7 DAY THEN max(t{step - 1}) OVER w END AS t{step}
            FROM {before} WINDOW w AS (PARTITION BY user_id ORDER BY ts RANGE UNBOUNDED PRECEDING))"""
        before = f"s{step}"
    counts = ", ".join(f"count(DISTINCT user_id) FILTER (t{step} IS NOT NULL)" for step in range(len(STEPS)))
    names = ", ".join(f"'{name}'" for name in STEPS)
    inner = where(limit) + (" AND " if limit else " WHERE ") + f"event IN ({names})"
    return f"""WITH e AS (SELECT user_id, event, ts, CASE WHEN event = '{STEPS[0]}' THEN ts END AS t0 FROM ev{inner}){walk}
        SELECT {counts} FROM {before}"""


def funnel(limit):
    """As `funnel_naive`: the latest row of the step before is the one whose entry is the latest, so a join to it is enough."""
    names = ", ".join(f"'{name}'" for name in STEPS)
    inner = where(limit) + (" AND " if limit else " WHERE ") + f"event IN ({names})"
    steps = [f"e AS (SELECT user_id, event, ts FROM ev{inner})", f"s0 AS (SELECT user_id, ts, ts AS t FROM e WHERE event = '{STEPS[0]}')"]
    for step, name in enumerate(STEPS[1:], 1):
        steps.append(f"""s{step} AS (SELECT a.user_id, a.ts, b.t FROM e a ASOF JOIN s{step - 1} b
            ON a.user_id = b.user_id AND a.ts >= b.ts WHERE a.event = '{name}' AND b.t >= a.ts - INTERVAL 7 DAY)""")
    counts = ", ".join(f"(SELECT count(DISTINCT user_id) FROM s{step})" for step in range(len(STEPS)))
    return f"WITH {', '.join(steps)} SELECT {counts}"


def statements(question, rollup=False, naive=False):
    """The statements of a question such as `triangle.day platform=ios`."""
    name, *words = question.split()
    limit = limits(words)
    what, _, grain = name.partition(".")
    grain = grain or "day"
    if name == "panels":
        parts = ("triangle.day", "triangle.week", "dau", "wau", "mau", "growth.week")
        return [sql for part in parts for sql in statements(" ".join([part, *words]), rollup, naive)]
    days = {"wau": 7, "mau": 30}.get(what)
    if days:
        return [rolling_naive(days, limit) if naive else rolling(days, limit, rollup)]
    if what in ("revenue", "funnel"):
        if what == "revenue":
            return [revenue(grain, limit)]
        return [funnel_naive(limit) if naive else funnel(limit)]
    if what == "triangle":
        return [triangle(grain, limit, rollup)]
    return [active(limit, rollup) if what == "dau" else growth(grain, limit, rollup)]


def buckets(grain, first, last):
    """First days of the buckets that hold a span."""
    out = []
    at = first
    if grain == "week":
        at -= datetime.timedelta(at.weekday())
    while at <= last:
        out.append(at.isoformat())
        if grain == "month":
            at = (at.replace(day=1) + datetime.timedelta(32)).replace(day=1)
        else:
            at += datetime.timedelta(7 if grain == "week" else 1)
    return out


def shaped(question, rows, first, last):
    """Rows of DuckDB in the shape of the probe's."""
    what, _, grain = question.split()[0].partition(".")
    grain = grain or "day"
    names = buckets(grain, first, last)
    if what == "funnel":
        return [[[n] for n in rows[0][0]]]
    if what == "triangle":
        cells = {(c, n): k for c, n, k in rows[0]}
        width = WIDTH[grain] + 1
        grid = []
        for at, c in enumerate(names):
            row = [cells.get((c, n), 0) if at + n < len(names) else None for n in range(width)]
            grid.append([c, cells.get((c, 0), 0), *row])
        return [grid]
    columns = 4 if what == "growth" else 1
    sums = {}
    for day, *values in rows[0]:
        sums[day] = [a + b for a, b in zip(values, sums.get(day, [0] * columns))]
    return [[[day, sums.get(day, [0] * columns)[column]] for day in names] for column in range(columns)]


def difference(ours, theirs):
    """The first cell that differs, in words; nothing where all are equal."""
    if len(ours) != len(theirs):
        return f"{len(ours)} tables, DuckDB {len(theirs)}"
    for nth, (left, right) in enumerate(zip(ours, theirs)):
        if len(left) != len(right):
            return f"table {nth}: {len(left)} rows, DuckDB {len(right)}"
        for a, b in zip(left, right):
            for column, (x, y) in enumerate(zip(a, b)):
                if x != y:
                    return f"table {nth}, row {a[0]}, column {column}: {x}, DuckDB {y}"
            if len(a) != len(b):
                return f"table {nth}, row {a[0]}: {len(a)} columns, DuckDB {len(b)}"
    return None
