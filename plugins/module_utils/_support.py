# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what of a cluster goes into a support bundle, and what of it is said first. Pure.

A report is what the module support_info returned of one host, or {"msg": why there is none}.
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils import _redaction

JOURNAL_LINES = 10  # of each unit that is not well, in the summary
LEFT_OUT = "This text is left out: it held a secret of the deployment.\n"


def report(look, observed):
    """What support_info returned of a host, with C(observed): by tier, the problems that an observer saw from there.

    look and the values of observed are results of modules; an observer that did not run has none of C(problems) and C(msg).
    """
    if "support" not in look:
        return {"msg": str(look.get("msg", "it was not asked")).strip()}
    seen = {tier: result.get("problems", [result["msg"]] if "msg" in result else None) for tier, result in observed.items()}
    return dict(look["support"], observed={tier: problems for tier, problems in seen.items() if problems is not None})


def restarts(unit):
    return int(unit.get("NRestarts") or 0)


def is_sick(unit):
    """It failed, or starts again and again; one that nobody started is neither."""
    return unit["ActiveState"] == "failed" or unit["ActiveState"] == "activating" and restarts(unit) > 0


def texts(reports):
    """{path in the archive: text}, of all hosts."""
    found = {"summary.txt": "".join(line + "\n" for line in summary(reports))}
    for host, report in sorted(reports.items()):
        if "msg" in report:
            found["%s/unreachable.txt" % host] = report["msg"] + "\n"
            continue
        found["%s/units.txt" % host] = "".join(unit_line(name, unit) + "\n" for name, unit in sorted(report["units"].items()))
        for unit, text in report["journals"].items():
            found["%s/journal/%s.log" % (host, unit)] = text
        for path, text in report["files"].items():
            found["%s/files/%s" % (host, path.lstrip("/"))] = text
        for name, text in report["commands"].items():
            found["%s/%s.txt" % (host, name)] = text
        for tier, problems in report.get("observed", {}).items():
            found["%s/observed/%s.txt" % (host, tier)] = "".join(line + "\n" for line in problems or ["healthy"])
    return found


def unit_line(name, unit):
    return "%s %s" % (name, " ".join("%s=%s" % pair for pair in sorted(unit.items())))


def summary(reports):
    """What is wrong, the worst first: who does not answer, which units fail and how their journals end, what the observers saw."""
    lines = ["%s does not answer: %s" % (host, report["msg"]) for host, report in sorted(reports.items()) if "msg" in report]
    there = {host: report for host, report in sorted(reports.items()) if "msg" not in report}
    lines += list(_sick(there)) + list(_observed(there))
    for host, report in there.items():
        idle = [name for name, unit in sorted(report["units"].items()) if unit["ActiveState"] == "inactive"]
        lines += ["%s: not running: %s" % (host, ", ".join(idle))] if idle else []
    again = ["%s: %s was started again %d times" % (host, name, restarts(unit))
             for host, report in there.items() for name, unit in sorted(report["units"].items()) if restarts(unit) and not is_sick(unit)]
    return (lines or ["All units of all hosts run, and all observers find their tiers healthy."]) + again


def _sick(there):
    """Each unit with the end of one host's journal: those of the others most often say the same."""
    told = set()
    for host, report in there.items():
        for name, unit in sorted(report["units"].items()):
            if is_sick(unit):
                yield "%s: %s is %s (%s), and was started again %d times" % (host, name, unit["ActiveState"], unit["Result"], restarts(unit))
                if name not in told:
                    yield from ("    " + line for line in report["journals"].get(name, "").splitlines()[-JOURNAL_LINES:])
                told.add(name)


def _observed(there):
    seen = {}
    for host, report in there.items():
        for tier, problems in sorted(report.get("observed", {}).items()):
            for problem in problems:
                seen.setdefault("%s: %s" % (tier, problem), []).append(host)
    return ["%s (seen from %s)" % (problem, ", ".join(hosts)) for problem, hosts in seen.items()]


def searched(found, secrets):
    """({path: text} without those that hold a secret, [their paths])."""
    known = _redaction.forms(secrets)
    bad = sorted(path for path, text in found.items() if _redaction.held(text, known))
    return {path: LEFT_OUT if path in bad else text for path, text in found.items()}, bad
