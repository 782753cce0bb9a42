# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: does harm on this host, and heals it. Commands and signals are handed in."""

from __future__ import annotations

import os
import time

from ansible_collections.steady.airflow.plugins.module_utils._drill import harm, processes
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption, SteadyError

CONTROLLERS = "/sys/fs/cgroup/cgroup.controllers"
# kind: what it cannot do without
NEEDS = {
    "kill": ["units"],
    "freeze": ["units"],
    "stop": ["units"],
    "reload": ["units"],
    "limit": ["units"],
    "cut": [],
    "delay": ["interface"],
    "fill": ["path"],
}


class Harm:
    """run: calls a command, and returns its output; it raises SteadyError when the command fails. kill: ends a process.

    With C(dry) nothing is changed. What was done, or would be, is in C(commands); command lines of who was killed are in C(victims);
    C(begun) is the moment right before the first of it.
    """

    def __init__(self, run, kill, dry=False, pause=time.sleep, now=time.time):
        self.run, self.kill, self.dry, self.pause, self.now = run, kill, dry, pause, now
        self.commands, self.victims, self.begun = [], [], now()

    def inject(self, fault):
        lacking = [option for option in NEEDS[fault["kind"]] if not fault[option]]
        if lacking:
            raise BadOption("%s needs the option %s" % (fault["kind"], ", ".join(lacking)))
        if fault["kind"] == "limit":
            _can_be_limited(fault)
        if fault["kind"] in ("kill", "reload"):
            self._in_a_row(fault)
        else:
            self._write_rules(fault)
            self._last(fault)

    def _last(self, fault):
        """Who harms is systemd, so its journal has the reason why it could not."""
        try:
            self._do(harm.lasting(fault))
        except SteadyError as error:
            raise SteadyError("%s; nothing lasts, and journalctl -u %s tells why" % (error, harm.unit(fault["name"]))) from error

    def heal(self, name):
        """Stops the unit of this fault, or of all of them for the name C(all); that heals, and is waited for."""
        wanted = harm.unit("*" if name == "all" else name)
        listed = self.run(["systemctl", "list-units", "--plain", "--no-legend", "--all", wanted])
        units = [line.split()[0] for line in listed.splitlines() if line.strip()]
        if units:
            self._do(["systemctl", "stop", *units])

    def _in_a_row(self, fault):
        if fault["pattern"]:
            self._await_process(fault)
        act = self._kill if fault["kind"] == "kill" else self._reload
        for turn in range(fault["times"]):
            if turn:
                self.pause(fault["every"])
            for unit in fault["units"]:
                act(unit, fault["pattern"])
        if not self.commands:
            raise SteadyError("no process of %s was found, so none was killed" % ", ".join(fault["units"]))

    def _await_process(self, fault):
        """What a pattern finds, such as a task, comes and goes; the last look is that of who kills."""
        for _second in range(0 if self.dry else fault["patience"]):
            self.begun = self.now()
            if any(self._victim(unit, fault["pattern"]) for unit in fault["units"]):
                return
            self.pause(1)

    def _reload(self, unit, pattern):
        self._do(["systemctl", "reload", unit])

    def _kill(self, unit, pattern):
        """A unit between two lives has no process: it is met again at the next turn."""
        victim = self._victim(unit, pattern)
        if victim:
            self.commands.append(["kill", "-KILL", str(victim)])
            self.victims.append(processes.command_line(victim))
            if not self.dry:
                self.kill(victim)

    def _victim(self, unit, pattern):
        """The process id; 0 for none."""
        shown = self.run(["systemctl", "show", "--property=MainPID,ControlGroup", unit])
        seen = dict(line.split("=", 1) for line in shown.splitlines() if line)
        found = processes.of_unit(seen["ControlGroup"], pattern) if pattern else [int(seen["MainPID"])]
        return found[0] if found else 0

    def _write_rules(self, fault):
        if fault["kind"] == "cut" and not self.dry:
            os.makedirs(harm.FILES, mode=0o700, exist_ok=True)
            with open(harm.rules_file(fault), "w", encoding="utf-8") as opened:
                opened.write(harm.rules(fault, devices()))

    def _do(self, command):
        self.commands.append(command)
        if not self.dry:
            self.run(command)


def _can_be_limited(fault):
    """systemd takes a limit that it cannot set, and says nothing."""
    there = controllers()
    lacking = [controller for key, (controller, _setting) in harm.LIMITS.items() if fault[key] and controller not in there]
    if lacking:
        raise SteadyError("limit needs control groups of version 2 with %s: %s names %s. Nothing was harmed"
                          % (" and ".join(lacking), CONTROLLERS, " ".join(there) or "none"))


def controllers(path=CONTROLLERS):
    """The kernel's controllers that systemd has on this host; none where control groups are those of version 1."""
    try:
        with open(path, encoding="ascii") as opened:
            return opened.read().split()
    except OSError:
        return []


def devices(root="/sys/class/net"):
    """Names of all network interfaces but loopback."""
    return sorted(set(os.listdir(root)) - {"lo"})
