"""A program on a pseudo-terminal, and a small emulator: enough of one to read cells that ratatui writes."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

COLUMNS, ROWS = 120, 40
TOKEN = re.compile(rb"\x1b\[([0-9;?<>=]*)([@-~])|\x1b[\]P].*?(?:\x07|\x1b\\)|\x1b[()].|\x1b[^\[\]P()]|([\x00-\x1a\x1c-\x1f])", re.S)
# What a terminal answers to the questions programs ask at their start: attributes, cursor position, keyboard protocol.
REPLIES = ((b"\x1b[6n", b"\x1b[1;1R"), (b"\x1b[c", b"\x1b[?62c"), (b"\x1b[?u", b"\x1b[?0u"))


def cut_letter(data):
    """Bytes at the end that begin a letter of UTF-8 and do not finish it."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte >= 0xC0:
            return back if back < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) else 0
        if byte < 0x80:
            break
    return 0


class Screen:
    """Cells of text; colours are not kept."""

    def __init__(self):
        self.cells = [[" "] * COLUMNS for _ in range(ROWS)]
        self.row = self.column = 0
        self.rest = b""

    def feed(self, data):
        data, self.rest = self.rest + data, b""
        # A sequence or letter that is cut waits for its end.
        tail = data.rfind(b"\x1b", max(0, len(data) - 32))
        if tail >= 0 and not TOKEN.match(data, tail):
            data, self.rest = data[:tail], data[tail:]
        elif (cut := cut_letter(data)) > 0:
            data, self.rest = data[:-cut], data[-cut:]
        at = 0
        for found in TOKEN.finditer(data):
            self._text(data[at : found.start()])
            at = found.end()
            if found.group(2):
                self._control(found.group(1).decode(), found.group(2).decode())
            elif found.group(3) == b"\r":
                self.column = 0
            elif found.group(3) == b"\n":
                self.row = min(self.row + 1, ROWS - 1)
        self._text(data[at:])

    def _text(self, data):
        for letter in data.decode("utf-8", "replace"):
            if self.row < ROWS and self.column < COLUMNS:
                self.cells[self.row][self.column] = letter
            self.column += 1

    def _control(self, words, final):
        numbers = [int(word) if word.isdigit() else 0 for word in words.split(";")]
        if final == "H":
            self.row = max(numbers[0], 1) - 1
            self.column = max(numbers[1] if len(numbers) > 1 else 1, 1) - 1
        elif final == "G":
            self.column = max(numbers[0], 1) - 1
        elif final in "CD":
            self.column += max(numbers[0], 1) * (1 if final == "C" else -1)
        elif final == "J":
            self.cells = [[" "] * COLUMNS for _ in range(ROWS)]
        elif final == "K" and self.row < ROWS:
            self.cells[self.row][self.column :] = [" "] * (COLUMNS - self.column)

    def lines(self):
        return ["".join(row).rstrip() for row in self.cells]


class Pty:
    def __init__(self, command, env=None):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.screen, self.bytes, self.draws = Screen(), 0, 0
        # A session of its own, in which the slave becomes the controlling terminal when it is opened.
        self.began = time.monotonic()
        self.child = subprocess.Popen(
            [str(word) for word in command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={"TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": os.environ["PATH"], "HOME": "/tmp", "TZ": "UTC", **(env or {})},
        )
        os.close(slave)

    def read(self, wait):
        """What comes within a time: bytes, empty for none."""
        if not select.select([self.master], [], [], max(wait, 0))[0]:
            return b""
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return b""
        self.bytes += len(data)
        self.draws += 1
        for asked, reply in REPLIES:
            if asked in data:
                os.write(self.master, reply)
        self.screen.feed(data)
        return data

    def until(self, met, limit=30.0):
        """Seconds until the lines of the screen are as wanted; nothing where they never are."""
        began = time.monotonic()
        while time.monotonic() - began < limit:
            if self.read(0.05) and met(self.screen.lines()):
                return time.monotonic() - began
        return None

    def settle(self, quiet=0.3, patience=2.0, limit=20.0):
        """Milliseconds to the first and to the last byte before a silence; nothing where none comes."""
        began = time.monotonic()
        first = last = None
        while time.monotonic() - began < limit:
            left = (last + quiet if last else began + patience) - time.monotonic()
            if left <= 0:
                break
            if self.read(left):
                last = time.monotonic()
                first = first or last
        return (first and (first - began) * 1e3, last and (last - began) * 1e3)

    def key(self, text):
        os.write(self.master, text.encode())

    def close(self):
        if self.child.poll() is None:
            self.child.terminate()
            while self.child.poll() is None:
                self.read(0.05)
        os.close(self.master)
