# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stage costs: seconds, CPU seconds of its processes and of the test hosts, and how busy the machine was meanwhile."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import time

import docker

TICKS = os.sysconf("SC_CLK_TCK")
STEAL, TIMES = 7, 8  # in /proc/stat: user nice system idle iowait irq softirq steal


@dataclasses.dataclass(frozen=True)
class Reading:
    """Counters at one moment, all in seconds."""

    time: float
    command: float
    hosts: float
    waiting: float  # some process was ready and had no processor
    stolen: float  # of all processors together
    processors: float

    def since(self, earlier):
        """What one stage took."""
        seconds = self.time - earlier.time
        return Cost(seconds, self.command + self.hosts - earlier.command - earlier.hosts,
                    share(self.waiting - earlier.waiting, seconds), share(self.stolen - earlier.stolen, self.processors - earlier.processors))


@dataclasses.dataclass(frozen=True)
class Cost:
    seconds: float
    cpu: float
    pressure: int  # percent of the time in which some process waited for a processor
    stolen: int  # percent of the processors' time that this machine did not get


def share(part, whole):
    return round(100 * part / whole) if whole > 0 else 0


def command_cpu(process):
    """CPU seconds of a running process and of all its children that have ended."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def pressure(text):
    """Seconds in which some process waited for a processor, by /proc/pressure/cpu."""
    return int(text.split("total=")[1].split()[0]) / 1e6


def processor_times(text):
    """(stolen, all) seconds of all processors, by /proc/stat."""
    times = [int(each) / TICKS for each in text.splitlines()[0].split()[1:1 + TIMES]]
    return times[STEAL], sum(times)


class Meter:
    """Reads all counters; of hosts that are gone what they had counted last."""

    def __init__(self, hosts=()):
        self.hosts = dict.fromkeys(hosts, (None, 0.0))  # {container: (its id, CPU seconds)}
        self.before = 0.0  # CPU seconds of containers that went
        self.client = None

    def read(self, command=0.0):
        stolen, processors = processor_times(pathlib.Path("/proc/stat").read_text(encoding="utf-8"))
        try:
            waiting = pressure(pathlib.Path("/proc/pressure/cpu").read_text(encoding="utf-8"))
        except OSError:  # not every kernel counts it
            waiting = 0.0
        return Reading(time.monotonic(), command, self.hosts_cpu(), waiting, stolen, processors)

    def hosts_cpu(self):
        for name, (known, seconds) in self.hosts.items():
            found, now = self.container(name)
            if found != known:
                self.before += seconds
            if found:
                self.hosts[name] = (found, now)
            elif known:
                self.hosts[name] = (None, 0.0)
        return self.before + sum(seconds for _known, seconds in self.hosts.values())

    def container(self, name):
        """(id, CPU seconds) of a container, or (None, 0) where there is none."""
        try:
            self.client = self.client or docker.from_env(timeout=10)
            found = self.client.containers.get(name)
            return found.id, found.stats(stream=False, one_shot=True)["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9
        except (docker.errors.DockerException, OSError):
            return None, 0.0
