"""DuckDB behind lines of JSON, run by the interpreter that has it: `duck.py DATABASE [THREADS]`.

A line `{"sql": [..], "rows": true, "limit": seconds}` is answered by `{"ms": .., "cpu": .., "rows": [..]}` with one list a statement,
or by `{"cut": seconds}` where the limit was reached.
"""

import json
import resource
import sys
import threading
import time

import duckdb


def plain(value):
    return value if value is None or isinstance(value, (int, float)) else str(value)


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    connection = duckdb.connect(sys.argv[1])
    connection.execute(f"SET threads = {sys.argv[2] if len(sys.argv) > 2 else 2}")
    connection.execute("SET TimeZone = 'UTC'")
    for line in sys.stdin:
        asked = json.loads(line)
        began, cpu_began = time.perf_counter(), cpu()
        timer = threading.Timer(asked["limit"], connection.interrupt) if "limit" in asked else None
        try:
            if timer:
                timer.start()
            results = [connection.execute(sql).fetchall() for sql in asked["sql"]]
        except duckdb.InterruptException:
            print(json.dumps({"cut": asked["limit"]}), flush=True)
            continue
        finally:
            if timer:
                timer.cancel()
        reply = {"ms": (time.perf_counter() - began) * 1e3, "cpu": cpu() - cpu_began}
        if asked.get("rows"):
            reply["rows"] = [[[plain(value) for value in row] for row in rows] for rows in results]
        print(json.dumps(reply), flush=True)


main()
