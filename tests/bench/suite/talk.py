"""Conversations with the probe and with DuckDB, one line of JSON each way."""

import json
import subprocess
from pathlib import Path

from .machine import EXAMPLES, Broken

HERE = Path(__file__).resolve().parent


class Talk:
    def __init__(self, command):
        self.child = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, line):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        said = self.child.stdout.readline()
        if not said:
            raise Broken(f"no answer to {line}")
        reply = json.loads(said)
        if "error" in reply:
            raise Broken(f"{line}: {reply['error']}")
        return reply

    def close(self):
        self.child.stdin.close()
        self.child.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Probe(Talk):
    def __init__(self, workspace):
        super().__init__([EXAMPLES / "probe", workspace])

    def ms(self, question):
        return self.ask(f"ms {question}")["ms"]

    def rows(self, question):
        return self.ask(f"rows {question}")["rows"]

    def open(self):
        return self.ask("open")["ms"]


class Duck(Talk):
    def __init__(self, python, database, threads=2):
        super().__init__([python, HERE / "duck.py", database, threads])

    def ms(self, *sql, limit=None):
        """Milliseconds; nothing where the limit in seconds was reached."""
        reply = self._ask(sql, limit)
        return reply.get("ms")

    def cost(self, *sql):
        reply = self._ask(sql)
        return reply["ms"] / 1e3, reply["cpu"]

    def rows(self, *sql, limit=None):
        """A list of rows for each statement; nothing where the limit in seconds was reached."""
        return self._ask(sql, limit, rows=True).get("rows")

    def _ask(self, sql, limit=None, **more):
        return self.ask(json.dumps({"sql": sql, **more} | ({"limit": limit} if limit else {})))
