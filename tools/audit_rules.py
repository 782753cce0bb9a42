# SPDX-License-Identifier: GPL-3.0-or-later
"""Write docs/audit_rules.md from the audit's rules; with --check only tell whether it is up to date."""

from __future__ import annotations

import argparse
import sys

from checkout import ROOT
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES

TARGET = "docs/audit_rules.md"
HEADING = """<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Made by tools/docs from plugins/plugin_utils/_audit/rules: change those, then run it. -->
# Rules of the audit

[audit.md](audit.md) tells how to run it. An *error* loses work or stops Airflow at some failure, a *warning* makes one worse or is unsafe,
a *note* is good to know.
"""


def versions(rule):
    since = "from %s" % rule.since if rule.since else ""
    until = "before %s" % rule.until if rule.until else ""
    return ", ".join(filter(None, (since, until)))


def entry(rule):
    about = ", ".join(filter(None, (rule.severity, "Airflow " + versions(rule) if versions(rule) else "")))
    lines = ["", "### %s" % rule.id, "", "%s (%s)." % (rule.title, about), "", rule.why, "", "**Remedy:** %s." % rule.remedy]
    return lines + ([""] + ["See <%s>." % address for address in rule.see] if rule.see else [])


def render(rules):
    lines = HEADING.rstrip().splitlines()
    for tier in dict.fromkeys(rule.tier for rule in rules):
        lines += ["", "## %s" % tier]
        lines += [line for rule in rules if rule.tier == tier for line in entry(rule)]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is out of date")
    wish = parser.parse_args()
    target, text = ROOT / TARGET, render(RULES)
    if (target.read_text(encoding="utf-8") if target.exists() else "") == text:
        return 0
    if wish.check:
        print("%s is out of date: run tools/docs" % TARGET, file=sys.stderr)
        return 1
    target.write_text(text, encoding="utf-8")
    print("wrote %s" % TARGET)
    return 0


if __name__ == "__main__":
    sys.exit(main())
