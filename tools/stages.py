# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one stage after the other: progress on the terminal, everything in a log, a time for each."""

from __future__ import annotations

import re
import subprocess
import sys
import time

TAIL_LINES = 40
PLAY = re.compile(r"^PLAY \[(.+?)\]")
TASK = re.compile(r"^(?:TASK|RUNNING HANDLER) \[(.+?)\]")


class StageFailed(Exception):
    """A stage did not reach its end; the message is for the person at the terminal."""


class Stages:
    def __init__(self, total, log_path, terminal=sys.stderr):
        self.total = total
        self.log_path = log_path
        self.terminal = terminal
        self.play = ""
        self.times = []
        self.started = time.monotonic()
        self.log = open(log_path, "w", encoding="utf-8", errors="replace")

    def main(self, work, *errors):
        """What work(self) returns: the exit code. StageFailed, and those errors, are told; then it is 1."""
        self.say(f"Full log: {self.log_path}")
        try:
            return work(self)
        except (StageFailed, *errors) as error:
            self.say(f"\n{error}\nFull log: {self.log_path}")
            return 1

    def run(self, title, work):
        """Calls work(self), tells how long it took and returns its result."""
        self.started = time.monotonic()
        self.say(f"[{len(self.times) + 1}/{self.total}] {title}")
        self.log.write(f"\n===== {title}\n")
        result = work(self)
        self.add(title, time.monotonic() - self.started)
        return result

    def add(self, title, seconds):
        self.times.append((title, seconds))

    def say(self, text):
        print(text, file=self.terminal, flush=True)

    def progress(self, text):
        self.say(f"      {time.monotonic() - self.started:4.0f} s  {text}")

    def passing(self, text):
        """Shown until the next line, and only where lines can be taken back."""
        if self.terminal.isatty():
            print(f"\r\033[K             {text[:100]}\r", end="", file=self.terminal, flush=True)

    def show(self, line):
        """What of a command's output is worth the terminal."""
        play, task = PLAY.match(line), TASK.match(line)
        if play and play.group(1) != self.play:  # one that takes host by host begins anew for each
            self.play = play.group(1)
            self.progress(self.play)
        elif task:
            self.passing(task.group(1))

    def command(self, arguments, **options):
        """Runs a command, its output to the log; returns the lines it wrote."""
        lines = []
        with subprocess.Popen(
            [str(argument) for argument in arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", **options,
        ) as process:
            for line in process.stdout:
                self.log.write(line)
                self.log.flush()
                lines.append(line.rstrip("\n"))
                self.show(line)
        self.passing("")
        if process.returncode:
            tail = "\n".join(lines[-TAIL_LINES:])
            raise StageFailed(f"{tail}\n\n{arguments[0]} ended with {process.returncode}")
        return lines


def duration(seconds):
    return f"{int(seconds) // 60} min {int(seconds) % 60:2d} s" if seconds >= 60 else f"{seconds:.0f} s"


def table(heading, rows):
    """Lines of text with columns as wide as their widest cell."""
    rows = [[str(cell) for cell in row] for row in [heading, *rows]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heading))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
