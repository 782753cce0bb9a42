# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stage costs: seconds, CPU seconds of its processes and of the test hosts, and how busy the machine was meanwhile."""

from __future__ import annotations

import dataclasses
import os
import pathlib

import checkout  # noqa: F401  pylint: disable=unused-import
import docker
from ansible_collections.steady.airflow.plugins.module_utils._drill import machine

TICKS = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass(frozen=True)
class Reading:
    """Counters at one moment: CPU seconds, and what machine.read tells."""

    command: float
    hosts: float
    machine: dict

    def since(self, earlier):
        """What one stage took."""
        meanwhile = machine.between(earlier.machine, self.machine)
        return Cost(self.machine["at"] - earlier.machine["at"], self.command + self.hosts - earlier.command - earlier.hosts,
                    meanwhile["waiting"] or 0, meanwhile["stolen"])


@dataclasses.dataclass(frozen=True)
class Cost:
    seconds: float
    cpu: float
    pressure: int  # percent of the time in which some process waited for a processor
    stolen: int  # percent of the processors' time that this machine did not get


def command_cpu(process):
    """CPU seconds of a running process and of all its children that have ended."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


class Meter:
    """Reads all counters; of hosts that are gone what they had counted last."""

    def __init__(self, hosts=()):
        self.hosts = dict.fromkeys(hosts, (None, 0.0))  # {container: (its id, CPU seconds)}
        self.before = 0.0  # CPU seconds of containers that went
        self.client = None

    def read(self, command=0.0):
        return Reading(command, self.hosts_cpu(), machine.read())

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
