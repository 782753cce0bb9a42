# SPDX-License-Identifier: GPL-3.0-or-later
"""What the loss of hosts cost, as text, and whether that is too much. Pure: what was measured in, lines out."""

from __future__ import annotations

from stages import table

HEADING = ("Host", "It led", "No answer", "API closed", "No writes", "Whole after", "of these")


def verdict(result, limit):
    """What a highly available Airflow may not do, one sentence each; empty if it did nothing of that."""
    late = [loss["host"] for loss in result["losses"] if loss["problem"] or loss["whole_after"] > limit]
    checks = [
        (result["failed"], "these runs were accepted and did not succeed"),
        (late, f"these hosts were back, but the tiers not whole within {limit:g} s"),
        (result["lost_writes"], "these writes were acknowledged and are lost"),
        (result["twice_at_once"], "these tasks ran twice at the same time"),
    ]
    return [f"{text}: {', '.join(map(str, found))}" for found, text in checks if found]


def report(result):
    runs = ", ".join(f"{count} {state}" for state, count in result["runs"].items())
    lines = [
        "", *table(HEADING, [row(loss) for loss in result["losses"]]), "",
        f"Runs      {runs}",
        f"Triggers  {len(result['refusals'])} requests were refused or lost, and repeated with the same id",
        f"Writes    {result['writes']} acknowledged, {len(result['lost_writes'])} lost",
        f"Twice     {len(result['twice_at_once'])} tasks ran twice at the same time",
        f"Retried   {len(result['retried'])} tasks needed more than one try",
    ]
    lines += [f"          {one['run']} {one['task']}: {'; '.join(map(one_try, one['tries']))}" for one in result["retried"]]
    return lines + [loss["problem"] for loss in result["losses"] if loss["problem"]]


def row(loss):
    tiers = ", ".join(f"{tier} {seconds:.0f}" for tier, seconds in loss["tiers"].items())
    gaps = [f"{loss[gap]} s" for gap in ("vip_gap", "api_gap", "write_gap", "whole_after")]
    return (loss["host"], ", ".join(loss["roles"]) or "-", *gaps, tiers)


def one_try(one):
    return f"{one['hostname'] or '-'} {one['state']} {clock(one['start_date'])}-{clock(one['end_date'])}"


def clock(moment):
    """The time of the day in an ISO 8601 moment."""
    return moment[11:19] if moment else "?"
