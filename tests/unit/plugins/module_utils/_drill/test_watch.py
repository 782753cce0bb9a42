# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import watch
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption, Unreachable
from ansible_collections.steady.airflow.plugins.module_utils._observer import Observer
from ansible_collections.steady.airflow.tests.unit.recordings import Replay, load, members

WELL = {"healthy": True, "problems": []}
ILL = {"healthy": False, "problems": ["the cluster has no leader"]}
PORTS = {"etcd": 2379, "postgresql": 8008, "rabbitmq": 15672, "airflow": 18080}


def observer(tier, answers, **options):
    wish = {"members": members(), "port": PORTS[tier], **options}
    return Observer(dict(watch.DEFAULTS, **wish), Replay(answers))


@pytest.mark.parametrize("tier, case, problem", [
    ("etcd", "etcd/healthy", None),
    ("etcd", "etcd/member_down", "node2: does not answer"),
    ("postgresql", "patroni/healthy", None),
    ("postgresql", "patroni/replica_down", "node3: does not answer"),
    ("rabbitmq", "rabbitmq/healthy", None),
    ("rabbitmq", "rabbitmq/node_down", "node3: is not running"),
])
def test_a_look_says_what_the_tiers_observer_says(tier, case, problem):
    report = next(watch.LOOKS[tier](observer(tier, load(case))))
    assert report["healthy"] is (problem is None)
    assert (problem or "") in " ".join(report["problems"])


@pytest.mark.parametrize("case, problem", [
    ("airflow/healthy", None),
    ("airflow/no_database", "metadatabase"),
    ("airflow/api_server_alone", "triggerer"),
])
def test_all_of_airflows_components_are_looked_at(case, problem):
    answers = load(case)
    host, port = next(iter(answers)).split("/")[2].split(":")
    report = next(watch.look_at_airflow(observer("airflow", answers, members=[{"name": "node1", "address": host}], port=int(port))))
    assert report["healthy"] is (problem is None)
    assert (problem or "") in " ".join(report["problems"])


def test_each_tier_has_options_of_its_own():
    made = watch.looks({"etcd": {"members": members(), "port": 1}, "rabbitmq": {"members": members(), "port": 1, "workers": 3, "timeout": 0.5}})
    assert sorted(made) == ["etcd", "rabbitmq"]
    with pytest.raises(BadOption, match="members is empty"):
        watch.looks({"etcd": {"members": [], "port": 1}})


class Clock:
    """A second passes at every pause, and as many as it is told to during a look."""

    def __init__(self, moment=100.0):
        self.moment = moment

    def now(self):
        return self.moment

    def passes(self, seconds):
        self.moment += seconds


def looks_of(clock, *reports, lasts=2):
    """Looks each of which gives one of these reports, and all further ones the last."""
    left = list(reports)

    def look():
        clock.passes(lasts)
        return [left.pop(0) if len(left) > 1 else left[0]]

    return look


@pytest.mark.parametrize("reports, away", [
    ([WELL, WELL, WELL], []),
    ([ILL, ILL, ILL], [[100.0, None]]),
    ([WELL, ILL, ILL, WELL], [[102.0, 108.0]]),
    ([ILL, WELL, ILL, ILL], [[100.0, 104.0], [104.0, None]]),
    ([WELL, ILL, WELL, ILL, WELL], []),
])
def test_a_tier_is_away_from_the_first_look_that_saw_it_so_to_the_end_of_the_first_that_does_not(reports, away):
    clock, seen = Clock(), watch.Seen()
    one = watch.Watch(looks_of(clock, *reports), {"etcd": seen}, clock.now)
    for _report in reports:
        one.once()
    assert seen.away == away
    assert seen.report == reports[-1]


@pytest.mark.parametrize("report, moment, well", [(WELL, 100.0, True), (WELL, 100.5, False), (ILL, 100.0, False)])
def test_only_a_look_that_began_later_counts(report, moment, well):
    clock, seen = Clock(), watch.Seen()
    assert not seen.well_since(0.0)
    watch.Watch(looks_of(clock, report), {"etcd": seen}, clock.now).once()
    assert seen.well_since(moment) is well


def test_what_cannot_be_asked_is_not_well_and_what_was_told_before_that_is():
    def look():
        clock.passes(2)
        yield WELL
        clock.passes(1)
        raise Unreachable("no answer from node1")

    clock, seen = Clock(), {what: watch.Seen() for what in ("redis", "broker", "workers")}
    seen["redis"].take(ILL, 98.0, 99.0)
    watch.Watch(look, seen, clock.now).once()
    assert {what: one.away for what, one in seen.items()} == {"redis": [[98.0, 102.0]], "broker": [[100.0, None]], "workers": [[100.0, None]]}
    assert [one.report for one in seen.values()] == [WELL, *2 * [{"healthy": False, "problems": ["no answer from node1"]}]]


def test_a_look_that_breaks_leaves_nothing_well():
    def look():
        one.look = breaks
        return [WELL, WELL]

    def breaks():
        raise KeyError("leader")

    seen = [watch.Seen(), watch.Seen()]
    one = watch.Watch(look, dict(enumerate(seen)), Clock().now)
    one.over.wait = lambda seconds: False
    with pytest.raises(KeyError):
        one.run()
    assert [each.report for each in seen] == 2 * [{"healthy": False, "problems": ["the look at it broke"]}]


@pytest.fixture(name="watched")
def played(monkeypatch):
    """Watches on a clock of its own: its second is over when each tier was looked at once more."""
    class Turns(watch.Watch):
        def start(self):
            all_of.append(self)

        def join(self, timeout=None):
            assert self.over.is_set()
            self.once()  # what was begun comes to its end

    def pause(seconds):
        assert seconds == watch.PAUSE
        for one in all_of:
            one.once()
        clock.passes(1)

    def run(least, seconds, **reports):
        looks = {tier: looks_of(clock, *told, lasts=0) for tier, told in reports.items()}
        return watch.watch(looks, least, seconds, clock.now, pause), clock.now()

    all_of, clock = [], Clock()
    monkeypatch.setattr(watch, "Watch", Turns)
    return run


def test_what_is_whole_all_the_time_was_so_from_the_beginning(watched):
    found, end = watched(5, 60, etcd=[WELL], host=[WELL])
    assert found["whole"] == 100.0
    assert found["watched"] == {"etcd": {"away": [], "problems": []}, "host": {"away": [], "problems": []}}
    assert end == 106.0  # a look after the fifth second


def test_it_goes_on_until_the_last_tier_is_whole(watched):
    found, end = watched(2, 60, etcd=[WELL, ILL, ILL, WELL], host=8 * [ILL] + [WELL])
    assert found["whole"] == 108.0
    assert found["watched"]["etcd"] == {"away": [[101.0, 103.0]], "problems": []}
    assert end == 109.0


def test_it_does_not_go_on_for_ever(watched):
    found, end = watched(2, 10, etcd=[WELL], host=[ILL])
    assert found["whole"] is None
    assert found["watched"]["host"] == {"away": [[100.0, None]], "problems": ILL["problems"]}
    assert found["reports"] == {"etcd": WELL, "host": ILL}
    assert end == 110.0


def test_what_is_well_too_early_is_watched_on(watched):
    found, end = watched(6, 60, etcd=[ILL, WELL, WELL, WELL, ILL, ILL, ILL, WELL])
    assert found["watched"]["etcd"]["away"] == [[100.0, 101.0], [104.0, 107.0]]
    assert (found["whole"], end) == (107.0, 108.0)


@pytest.mark.parametrize("at", range(3, 8))
def test_one_late_answer_makes_nothing_less_whole(watched, at):
    reports = [WELL] * 12
    reports[at] = ILL
    found, end = watched(5, 60, etcd=reports, host=[WELL])
    assert (found["whole"], found["watched"]["etcd"]) == (100.0, {"away": [], "problems": []})
    assert end <= 107.0


def test_a_look_that_ends_after_all_were_whole_takes_nothing_back(watched):
    found, end = watched(0, 60, airflow=[ILL, WELL, ILL], host=[ILL, WELL])
    assert found["watched"]["airflow"]["away"] == [[100.0, 101.0]]
    assert (found["whole"], end) == (101.0, 102.0)


def test_a_host_with_nothing_to_look_at_stays_as_long_as_it_must(watched):
    found, end = watched(5, 60)
    assert (found["whole"], found["watched"], end) == (100.0, {}, 105.0)


@pytest.mark.parametrize("report", [WELL, ILL])
def test_without_any_time_it_looks_once(report):
    asked = []
    found = watch.watch({"etcd": lambda: asked.append(1) or [report]}, 0, 0)
    assert asked == [1]
    assert (found["whole"] is not None) is report["healthy"]
    assert found["reports"] == {"etcd": report}


@pytest.mark.parametrize("broker", ["rabbitmq", "redis"])
def test_one_look_at_a_broker_tells_of_it_of_its_service_and_of_its_workers(broker):
    found = watch.watch({broker: lambda: [WELL, WELL, ILL]}, 0, 0)
    assert found["reports"] == {broker: WELL, "broker": WELL, "workers": ILL}
    assert {what: told["problems"] for what, told in found["watched"].items()} == {broker: [], "broker": [], "workers": ILL["problems"]}
    assert found["whole"] is None
