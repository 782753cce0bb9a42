# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge configurations as people write them, and tell which faults the audit finds of those that an engineer would.

A case is a directory with airflow.cfg, environment, environment.COMPONENT, units/, haproxy.cfg and its like, as far as it has them, and expect.yml:
  airflow_version; hosts, as airflow_ha_audit takes them; effective: {option: text or null};
  must_find: a list of {severity: high, medium or low, tag, finding}; must_not_find: of {finding, rules}.
Beside the cases lies tags.yml: {tag: the rules any of which is this finding}.
"""

from __future__ import annotations

import argparse
import collections
import pathlib
import sys

import yaml
from checkout import ROOT

SEVERITIES = ("high", "medium", "low")
SERVICES = {"haproxy": "haproxy.cfg", "keepalived": "keepalived.conf", "pgbouncer": "pgbouncer.ini", "rabbitmq": "rabbitmq.conf", "redis": "redis.conf",
            "redis_sentinel": "sentinel.conf"}
SERIOUS = ("error", "warning")


class Case:
    def __init__(self, directory, tags):
        self.directory = directory
        self.expected = yaml.safe_load((directory / "expect.yml").read_text(encoding="utf-8"))
        self.tags = tags

    @property
    def wish(self):
        """The options of airflow_ha_audit."""
        names = {path.name: path.name for path in sorted(self.directory.iterdir())}
        parts = {name.partition(".")[2]: name for name in names if name.startswith("environment.")}
        started = [parts.pop(name) for name in ("entrypoint",) if name in parts]  # what a script says before any component begins
        return {
            "config": [name for name in names if name == "airflow.cfg"], "compose": None,
            "environment": [name for name in names if name == "environment"] + started,
            "components": parts, "units": sorted("units/" + path.name for path in self.directory.glob("units/*.service")),
            "services": {kind: name for kind, name in SERVICES.items() if name in names}, "version": str(self.expected["airflow_version"]),
            "hosts": self.expected.get("hosts") or {},
        }

    def subjects(self):
        from ansible_collections.steady.airflow.plugins.plugin_utils._audit import written

        return written.subjects(self.wish, self.directory, "salt")

    def findings(self):
        from ansible_collections.steady.airflow.plugins.plugin_utils._audit import verdict

        return verdict.of_written(self.subjects())["findings"]

    def missed(self, findings):
        """What must be found and was not."""
        found = {each["id"] for each in findings}
        return [each for each in self.expected.get("must_find") or [] if not found.intersection(self.tags[each["tag"]])]

    def alarms(self, findings):
        """(what must not be found, evidence) of what was, as something serious."""
        for each in self.expected.get("must_not_find") or []:
            for found in findings:
                if found["severity"] in SERIOUS and found["id"] in (each.get("rules") or []):
                    yield each["finding"], found["evidence"]


def cases(directory):
    tags = yaml.safe_load((directory / "tags.yml").read_text(encoding="utf-8"))
    return [Case(path.parent, tags) for path in sorted(directory.glob("*/expect.yml"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path, nargs="?", default=ROOT / "tests/unit/fixtures/audit_cases")
    wish = parser.parse_args()
    wanted, missed, alarms = collections.Counter(), collections.Counter(), 0
    for case in cases(wish.directory):
        findings = case.findings()
        wanted.update(each["severity"] for each in case.expected.get("must_find") or [])
        for each in case.missed(findings):
            missed[each["severity"]] += 1
            print("%s: missed (%s, %s): %s" % (case.directory.name, each["severity"], each["tag"], each["finding"]))
        for finding, evidence in case.alarms(findings):
            alarms += 1
            print("%s: false alarm: %s, since %s" % (case.directory.name, finding, evidence))
    for severity in SEVERITIES:
        print("%-6s found %d of %d" % (severity, wanted[severity] - missed[severity], wanted[severity]))
    print("false alarms: %d" % alarms)
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
