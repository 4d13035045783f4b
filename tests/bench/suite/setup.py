"""Programs and data that the sections need, made once."""

import subprocess
import sys

from .machine import EXAMPLES, PROGRAM, ROOT, WORK, run, say


def build():
    say("building")
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)
    examples("generate", "probe")


def examples(*names):
    named = [word for name in names for word in ("--example", name)]
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", *named], cwd=ROOT, check=True)


def data(events):
    """The folder with the generated files of a size."""
    folder = WORK / f"g{events}"
    if not (folder / "done").exists() and not (folder / "spend.csv").exists():
        say(f"generating {events} events")
        large = events > 20_000_000
        more = ["--users", events // 20] if large else ["--ndjson", "--parts", 37]
        run([EXAMPLES / "generate", folder, "--events", events, *more])
    return folder


def python():
    """An interpreter with DuckDB and polars, or nothing where they cannot be had."""
    place = WORK / "venv"
    binary = place / "bin" / "python"
    if not has_peers(binary):
        say("making a virtual environment with duckdb and polars")
        made = subprocess.run([sys.executable, "-m", "venv", place]).returncode == 0
        made = made and subprocess.run([binary, "-m", "pip", "install", "--quiet", "duckdb", "polars"]).returncode == 0
        if not made:
            say("SKIPPED: duckdb and polars cannot be installed here; nothing is compared with them")
            return None
    return binary


def has_peers(binary):
    return binary.exists() and subprocess.run([binary, "-c", "import duckdb, polars"]).returncode == 0


def bottom():
    """`btm`, of the machine or built here; nothing where it cannot be had."""
    for place in ("btm", WORK / "tools" / "bin" / "btm"):
        try:
            subprocess.run([place, "--version"], check=True, stdout=subprocess.DEVNULL)
            return place
        except (OSError, subprocess.CalledProcessError):
            continue
    say("building bottom")
    command = ["cargo", "install", "--quiet", "--locked", "--root", WORK / "tools", "bottom"]
    if subprocess.run(command).returncode != 0:
        say("SKIPPED: bottom cannot be installed here")
        return None
    return WORK / "tools" / "bin" / "btm"


def versions(binary):
    """Lines with the versions of all programs."""
    lines = [run([PROGRAM, "--version"]).out.strip()]
    try:
        lines.append("sqlite3 " + run(["sqlite3", "--version"]).out.split()[0])
    except OSError:
        lines.append("sqlite3: not on this machine")
    if binary:
        code = "import duckdb, polars; print('DuckDB', duckdb.__version__ + '; polars', polars.__version__)"
        lines.append(run([binary, "-c", code]).out.strip())
    return lines
