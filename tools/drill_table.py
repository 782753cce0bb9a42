# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the results of several drills together: a table, as in docs/measured.md, and what the judge counted over all of them.

Usage: drill_table.py DRILL... [--beside DRILL...]    each is a drill's directory or its result; those after --beside had another timing profile
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import pathlib

import yaml
from checkout import ROOT
from ansible_collections.steady.airflow.plugins.module_utils._drill import machine
from ansible_collections.steady.airflow.plugins.plugin_utils._drill_judgement import CLASSES, MEASURES
from ansible_collections.steady.airflow.plugins.plugin_utils._drill_statistics import kinds

STARVED = "Processors: waited for / stolen, %"
CATALOGUE = ROOT / "roles/drill/vars/catalogue.yml"


def read(drills):
    return [json.loads((path / "result.json" if path.is_dir() else path).read_text(encoding="utf-8")) for path in drills]


def by_fault(results):
    return {kind["fault"]: kind for kind in kinds([fault for result in results for fault in result["faults"]])}


def figure(seconds):
    if math.isinf(seconds):
        return "never"
    return f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.1f}".removesuffix(".0")


def spread(kind, name):
    """Median, 95th percentile and maximum of one measure, or the one value that there is, and the goal; bold if a goal was missed."""
    for measure in kind["measures"]:
        if measure["name"] == name:
            figures = [figure(measure[each]) for each in ("median", "p95", "maximum")]
            told = " / ".join(figures) if len(set(figures)) > 1 else figures[0]
            told += "".join(f" ({figure(goal)})" for goal in measure["goals"])
            return f"**{told}**" if measure["over"] else told
    return ""


def starved(kind):
    """The highest percents of the time in which processes waited for a processor, and of processors' time that was stolen; empty of older drills."""
    worst = machine.worst([fault["machine"] for fault in kind["faults"] if "machine" in fault])
    return "" if worst["stolen"] is None else f"{'?' if worst['waiting'] is None else worst['waiting']} / {worst['stolen']}"


def rows(results):
    for name, kind in by_fault(results).items():
        yield [f"{name} {kind['title']}", str(len(kind["faults"])), starved(kind), *(spread(kind, measure) for measure in MEASURES)]


def beside(results, others):
    """The longest time of each measure in the first results and in the others, of the faults that both have."""
    first, second = by_fault(results), by_fault(others)
    for name in first.keys() & second.keys():
        worst = [kind["worst"] for kind in (first[name], second[name])]
        yield [f"{name} {first[name]['title']}",
               *(" : ".join(figure(each[measure]) if measure in each else "-" for each in worst) for measure in MEASURES)]


def in_turn(sets):
    """The rows of each set under its name, of the faults that all sets have. sets: {name: results}."""
    common = set.intersection(*(set(by_fault(results)) for results in sets.values()))
    for name, results in sets.items():
        for cells in rows(results):
            if cells[0].split()[0] in common:
                yield [f"{cells[0].split()[0]} with {name}", *cells[1:]]


def foreseen(results):
    """What the timing profile predicts as the longest time, the median and the longest measured, and by how much each is more or less.

    Of what the catalogue predicts today: an older drill may have been told more.
    """
    catalogue = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["__drill_shipped_faults"]
    for name, kind in by_fault(results).items():
        for measure in kind["measures"]:
            for predicted in measure["predictions"] if measure["name"] in catalogue.get(name, {}).get("predicts", ()) else ():
                told = [f"{figure(measure[each])} ({measure[each] / predicted - 1:+.0%})" for each in ("median", "maximum")]
                yield [f"{name} {kind['title']}", MEASURES[measure["name"]], figure(predicted), *told]


def counted(results):
    """What was done and what the judge counted, over all drills."""
    done, found = collections.Counter(), collections.Counter()
    for result in results:
        done.update({"injections": len(result["faults"]), "writes": result["probes"]["writes"], **result["oracle"]["judged"]})
        found.update(result["oracle"]["counts"])
    told = [f"{number:,} {name}" for name, number in done.items()]
    return ", ".join(told) + "; " + ", ".join(f"{number} {CLASSES[name][0]}" for name, number in found.items())


def markdown(head, lines):
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *sorted(lines)))


def measured(lines):
    """What rows() and in_turn() tell; drills of former versions did not look at processors."""
    lines = list(lines)
    if any(starved for _fault, _times, starved, *_measures in lines):
        return markdown(["Fault", "Times", STARVED, *MEASURES.values()], lines)
    return markdown(["Fault", "Times", *MEASURES.values()], [[name, times, *measures] for name, times, _starved, *measures in lines])


def figures(drills):
    """What these drills measured, and what the judge counted, in Markdown."""
    results = read(drills)
    return measured(rows(results)) + "\n\n" + counted(results)


def predictions(drills):
    """Beside what was measured, what was predicted of it, in Markdown."""
    return markdown(["Fault", "What", "Predicted at most", "Median", "Longest"], foreseen(read(drills)))


def brokers(sets):
    """What each broker's drills measured of the faults that all have, and what the judge counted with the others. sets: {broker: drills}."""
    found = {name: read(drills) for name, drills in sets.items()}
    return "\n\n".join([measured(in_turn(found)), *(f"{name}: {counted(found[name])}" for name in list(found)[1:])])


def comparison(ours, theirs):
    """The longest times of two sets of drills, C(ours : theirs), and what the judge counted in each."""
    first, second = read(ours), read(theirs)
    return "\n\n".join([markdown(["Fault", *MEASURES.values()], beside(first, second)), counted(first), counted(second)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drills", nargs="+", type=pathlib.Path)
    parser.add_argument("--beside", nargs="+", type=pathlib.Path, default=[])
    wish = parser.parse_args()
    print(comparison(wish.drills, wish.beside) if wish.beside else figures(wish.drills))


if __name__ == "__main__":
    main()
