# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: one turn of a campaign: who is hit by what, and what became of it. Pure.

A turn is {"fault", "number", "seed"}, as campaign.plan has it; looks are {host: what drill_look returned there}.
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._drill import campaign, seen
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption

# kind: how it is done, where it is not the module drill_fault that does it
HOWS = {"power": "power", "switchover": "switchover"}
# settings of a cut that leave open which connections it meets, so that it meets all
OF_ANY_CUT = {"direction", "percent", "reject", "spared_ports", "loopback"}


def duration(fault):
    """Seconds until it is healed; 0 for what is over at once."""
    return fault.get("duration", 0)


def takes_host_away(fault):
    """Nobody but itself can be asked on a host without power, or without a network."""
    return fault["kind"] == "power" or fault["kind"] == "cut" and not set(fault.get("settings") or {}) - OF_ANY_CUT


def now(catalogue, turn, looks, tiers):
    """Who is hit, chosen among those who have the role at this moment.

    Return {"turn", "why": why nobody can be, or an empty text, "hosts", "gone": those of them that nobody can ask meanwhile, "parts": [{"fault",
    "title", "how", "hosts", "wish": options of drill_fault}], "duration", "roles": {host: [role]}, "clocks": those of all hosts before the
    blow}. The part that takes a host away is the last one, since nothing else can be done to that host any more.
    """
    roles, names, problems = seen.seen(looks, tiers), campaign.parts_of(turn["fault"]), seen.problems(looks)
    try:
        targets = {name: campaign.targets(catalogue[name], roles, turn["seed"]) for name in names}
        why = "the cluster was not whole: %s" % "; ".join(problems) if problems else ""
    except BadOption as error:
        why = str(error)
    parts = [_part(catalogue[name], name, turn, [] if why else targets[name]) for name in names]
    parts.sort(key=lambda part: takes_host_away(catalogue[part["fault"]]))
    hosts = sorted({host for part in parts for host in part["hosts"]})
    gone = {host for part in parts for host in part["hosts"] if takes_host_away(catalogue[part["fault"]])}
    return {
        "turn": turn,
        "why": why,
        "hosts": hosts,
        "gone": sorted(gone),
        "parts": parts,
        "duration": max(duration(catalogue[part["fault"]]) for part in parts),
        "roles": {host: seen.roles_of(roles, host) for host in hosts},
        "clocks": seen.clocks(looks),
    }


def _part(fault, name, turn, hosts):
    wish = dict(fault.get("settings") or {}, name="%s-%d" % (name.lower(), turn["number"]), kind=fault["kind"], duration=duration(fault) or 1)
    return {"fault": name, "title": fault["title"], "how": HOWS.get(fault["kind"], "module"), "wish": wish, "hosts": hosts}


def outlook(catalogue, turns, looks, tiers):
    """What a campaign would do if roles stayed as they are: {"line", "why": why not, or an empty text} of each turn."""
    lines = []
    for turn in turns:
        found = now(catalogue, turn, looks, tiers)
        hits = ["%s: %s%s" % (part["title"], part["how"] if part["how"] != "module" else part["wish"]["kind"], _for(catalogue[part["fault"]]))
                + " on " + ", ".join(part["hosts"]) for part in found["parts"]]
        what = "cannot be made now: %s" % found["why"] if found["why"] else "; ".join(hits)
        lines.append({"line": "%d. %s %s" % (turn["number"], turn["fault"], what), "why": found["why"]})
    return lines


def _for(fault):
    return " for %d s" % duration(fault) if duration(fault) else ""


def lacking(catalogue, turns, power, tiers):
    """What a campaign needs and does not have, a sentence each."""
    names = {name for turn in turns for name in campaign.parts_of(turn["fault"])}
    powered = sorted(name for name in names if catalogue[name]["kind"] == "power")
    if powered and not power.get("driver"):
        yield "%s take the power of a host: say by drill_power how that is done, or leave them out of drill_faults." % ", ".join(powered)
    for tier in ("worker", "scheduler", "etcd", "postgresql", "redis" if tiers.get("redis") else "rabbitmq", "load_balancers"):
        if len(tiers.get(tier) or []) < 2:
            yield "The tier %s has fewer than two members, so a drill would prove nothing but its loss." % tier


def outcome(found, blows, watches):
    """What is written down of a turn: the contract is in docs/decisions/0014-drill.md.

    found: what C(now) returned; blows: {host: {"begun", "done": moments, "victims": command lines of who was killed}}, without what is
    not known; watches: {host: look after the blow}, empty for a host that was not seen any more.
    """
    struck = {host: blows[host] for host in found["hosts"] if "begun" in blows.get(host, {})}
    unhurt = [host for host in found["hosts"] if "done" not in struck.get(host, {})]
    seen_ = seen.outcome(watches)
    problems = ["not done to %s" % ", ".join(unhurt)] if unhurt else []
    if not any(watches.values()):
        problems.append("nobody saw what became of it")
    elif seen_["whole"] is None:
        problems += seen.problems(watches)
    return {
        "fault": found["turn"]["fault"], "number": found["turn"]["number"],
        "parts": [{"fault": part["fault"], "hosts": part["hosts"]} for part in found["parts"]],
        "begun": {host: blow["begun"] for host, blow in struck.items()},
        "done": {host: blow["done"] for host, blow in struck.items() if "done" in blow},
        "victims": {host: blow["victims"] for host, blow in struck.items() if blow.get("victims")},
        "duration": found["duration"], "roles": found["roles"], "problem": found["why"] or "; ".join(problems),
        "whole": seen_["whole"], "watched": seen_["watched"], "fenced": seen_["fenced"], "machine": seen_["machine"],
        "clocks": {host: {**found["clocks"].get(host, {}), **seen_["clocks"].get(host, {})} for host in {**found["clocks"], **seen_["clocks"]}},
    }


def checked(catalogue):
    """The catalogue, or BadOption that says what is wrong with it."""
    wrong = [problem for name, fault in sorted(catalogue.items()) for problem in campaign.problems(name, fault)]
    if wrong:
        raise BadOption("; ".join(wrong))
    return catalogue
