# SPDX-License-Identifier: GPL-3.0-or-later
"""Stages one after the other in a thread of their own, each metered, its output in a log. A lane ends at its first failure."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import re
import subprocess
import threading

from meter import Cost, Meter, command_cpu
from stages import PLAY

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SUMMARY = re.compile(r"^(?:=+ )?(\d+ (?:passed|failed|errors?)\b.*) in [\d.]+s")  # the last line of pytest


@dataclasses.dataclass(frozen=True)
class Done:
    """A stage that is over."""

    title: str
    cost: Cost
    passed: bool
    log: pathlib.Path


class Lane(threading.Thread):
    """Runs commands: (title, arguments, pattern of lines that begin a stage of the command's own, or None).

    hosts are containers whose CPU time counts as the stages'. say(text) shows progress.
    """

    def __init__(self, name, commands, logs, say, hosts=()):
        super().__init__(name=name)
        self.commands, self.logs, self.tell = commands, logs, say
        self.meter = Meter(hosts)
        self.done, self.tests, self.shown = [], [], ""

    @property
    def failed(self):
        """The stage that failed, or None."""
        return next((stage for stage in self.done if not stage.passed), None)

    def run(self):
        for command in self.commands:
            self.command(*command)
            if self.failed:
                return

    def command(self, title, arguments, begins=None):
        stage = Stage(self, title, self.logs / f"{title}.log")
        with open(stage.log, "w", encoding="utf-8") as log, subprocess.Popen(
            [str(each) for each in arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        ) as process:
            for line in process.stdout:
                line = COLOUR.sub("", line)
                log.write(line)
                log.flush()
                if begins and (begun := begins.search(line.rstrip())):
                    stage.next(begun.group(1), process.pid)
                self.show(stage.title, line.rstrip())
            _process, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        stage.over(usage.ru_utime + usage.ru_stime, process.returncode == 0)

    def show(self, title, line):
        """What of a command's output is worth the terminal."""
        play, summary = PLAY.match(line), SUMMARY.match(line)
        if summary:
            self.tests.append(summary.group(1))
        if (play or summary) and (told := f"{title}: {(play or summary).group(1)}") != self.shown:
            self.shown = told  # a play that takes host by host begins anew for each
            self.say(told)

    def say(self, text):
        self.tell(f"{self.name:5} {text}")


class Stage:
    """The stage of a lane that goes on."""

    def __init__(self, lane, title, log):
        self.lane, self.title, self.log = lane, title, log
        self.began = lane.meter.read()
        lane.say(title)

    def next(self, title, process):
        """The command begins its next stage; its last one, or what it did before its first one, was a success."""
        self.began = self.over(command_cpu(process), True)
        self.title = title
        self.lane.say(title)

    def over(self, cpu, passed):
        now = self.lane.meter.read(cpu)
        cost = now.since(self.began)
        self.lane.done.append(Done(self.title, cost, passed, self.log))
        self.lane.say(f"{self.title} {'passed' if passed else 'FAILED'} after {cost.seconds:.0f} s")
        return now
