# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import testimony, work
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer, Unreachable
from ansible_collections.steady.airflow.tests.unit.drill_directory import ASKED, BEGAN, BLOW, PLAN, SHAPED, Airflow, Drill, api, row

TICK = work.TICK


class Clock:
    """Seconds pass only while somebody waits; meanwhile the next thing that is to happen does."""

    def __init__(self, *happens):
        self.moment, self.happens = ASKED, iter(happens)

    def now(self):
        return self.moment

    def pause(self, seconds):
        self.moment += seconds
        next(self.happens, lambda: None)()


def patient():
    clock = Clock()
    return clock.now, clock.pause


def settle(airflow, clock, patience=30):
    return testimony.settle(airflow, PLAN, patience, clock.now, clock.pause)


def of_tick(airflow):
    return [paused for dag, paused in airflow.paused if dag == TICK]


def test_what_is_finished_is_paused_at_once():
    airflow = Airflow(Drill())
    assert settle(airflow, Clock()) == (ASKED, [])
    assert airflow.paused == [(dag, paused) for paused in (False, True) for dag in work.DAGS]


def test_nothing_is_paused_before_all_is_finished():
    drill = Drill()
    drill.runs[0]["state"] = "running"
    clock = Clock(lambda: None, lambda: drill.runs[0].update(state="failed"))
    airflow = Airflow(drill)
    assert settle(airflow, clock) == (ASKED + 2 * testimony.POLL, [])
    assert of_tick(airflow) == [False, True]


def test_a_run_that_the_schedule_owes_is_waited_for():
    drill = Drill()
    last = drill.runs.pop()
    airflow = Airflow(drill)
    assert settle(airflow, Clock(lambda: drill.runs.append(last))) == (ASKED + testimony.POLL, [])
    drill.runs.pop()
    assert settle(airflow, Clock(), 5) == (ASKED + 6, ["%s %s" % (TICK, last["dag_run_id"])])


def test_a_tick_that_begins_while_its_dag_is_paused_is_waited_for():
    drill = Drill()
    airflow = Airflow(drill)
    ask = airflow.ask

    def late(path, body=None, method=None):
        if TICK in path and body == {"is_paused": True} and drill.runs[-1]["state"] == "success":
            drill.runs.append(dict(drill.runs[-1], dag_run_id="scheduled__late", state="queued"))
        return ask(path, body, method)

    airflow.ask = late

    def end():
        drill.runs[-1]["state"] = "success"
        airflow.ask = ask

    assert settle(airflow, Clock(lambda: None, end)) == (ASKED + 2 * testimony.POLL, [])
    assert of_tick(airflow) == [False, True, False, True]


def test_at_the_end_of_the_patience_it_is_told_what_is_unfinished():
    drill = Drill()
    drill.runs[1]["state"] = "queued"
    airflow = Airflow(drill)
    assert settle(airflow, Clock(), 10) == (ASKED + 12, ["%s drill-7-00001" % SHAPED])
    assert of_tick(airflow) == [False, True]


def test_an_airflow_that_is_away_for_a_moment_is_asked_again():
    airflow = Airflow(Drill())
    answers, all_of = itertools.count(), airflow.all_of

    def shaky(path, kind):
        if next(answers) in (0, 5):
            raise Unreachable("no answer")
        return all_of(path, kind)

    airflow.all_of = shaky
    assert settle(airflow, Clock())[1] == []
    assert of_tick(airflow)[-1] is True


def test_an_airflow_that_stays_away_is_told():
    airflow = Airflow(Drill())

    def away(path, kind):
        raise Unreachable("no answer from there")

    airflow.all_of = away
    with pytest.raises(Unreachable, match="from there"):
        settle(airflow, Clock())


@pytest.mark.parametrize("status, told", [
    (404, "Airflow does not know the DAG steady_drill_pulse$"),
    (403, "Airflow did not start the DAG steady_drill_pulse: status 403: Forbidden"),
])
def test_a_dag_that_cannot_be_paused_is_named_at_once(status, told):
    airflow = Airflow(Drill())
    ask = airflow.ask
    airflow.ask = lambda path, body=None, method=None: (status, {"detail": "Forbidden"}) if work.PULSE in path else ask(path, body, method)
    with pytest.raises(BadAnswer, match=told):
        settle(airflow, Clock())


def collect(drill):
    airflow, clock = Airflow(drill), Clock()
    return testimony.collect(airflow, PLAN, 30, clock.now, clock.pause), airflow


def test_all_that_is_kept_of_a_drill():
    drill = Drill()
    said, airflow = collect(drill)
    assert (said["asked"], said["api_port"], said["unfinished"]) == (ASKED, 8080, [])
    assert len(said["runs"]) == len(drill.runs)
    assert set(said["runs"][0]) == {"dag_id", "dag_run_id", "run_type", "run_after", "state"}
    assert {each["id"] for each in said["instances"]} == {each["id"] for each in drill.instances}
    assert "pool" not in said["instances"][0]
    retried = [each for each in said["instances"] if each["earlier"]]
    assert len(retried) == len(airflow.asked) == 10
    assert {(each["try_number"], each["hostname"], each["earlier"][0]["try_number"], each["earlier"][0]["hostname"]) for each in retried} == {
        (2, "node2", 1, "node1")}


def test_tries_are_asked_for_by_run_task_and_index():
    drill = Drill()
    for key in ((TICK, "scheduled__2026-11-23T00:00:00+00:00", "beat", -1), (SHAPED, "drill-7-00000", "fan", 3)):
        listed = next(each for each in drill.instances if (each["dag_id"], each["dag_run_id"], each["task_id"], each["map_index"]) == key)
        drill.histories[key] = [dict(listed)]
        listed["try_number"] = 2
    asked = collect(drill)[1].asked
    assert "/api/v2/dags/steady_drill_tick/dagRuns/scheduled__2026-11-23T00%3A00%3A00%2B00%3A00/taskInstances/beat/tries" in asked
    assert "/api/v2/dags/steady_drill_2_retries/dagRuns/drill-7-00000/taskInstances/fan/3/tries" in asked


def test_runs_of_others_are_left_out():
    drill = Drill()
    key = (SHAPED, "manual__x", "at_once", -1)
    drill.runs.append(dict(drill.runs[0], dag_run_id=key[1], state="running"))
    drill.instances.append(row(key, 1, "node1", BLOW, BLOW + 1))
    drill.runs.append(dict(drill.runs[-2], dag_id=TICK, dag_run_id="scheduled__former", run_type="scheduled", run_after=api(BEGAN - 60)))
    said = collect(drill)[0]
    assert not {"manual__x", "scheduled__former"}.intersection(each["dag_run_id"] for each in said["runs"] + said["instances"])


def test_a_past_that_is_not_told_is_an_error():
    airflow = Airflow(Drill())
    ask = airflow.ask
    airflow.ask = lambda path, body=None, method=None: (500, {"detail": "broken"}) if path.endswith("/tries") else ask(path, body, method)
    with pytest.raises(BadAnswer, match="/tries answered status 500: broken"):
        testimony.collect(airflow, PLAN, 30, *patient())


def test_what_was_not_answered_is_asked_again():
    airflow = Airflow(Drill())
    asks, answers = airflow.all_of, iter([True, True, False])

    def all_of(path, kind):
        if kind == "task_instances" and not next(answers, True):
            raise Unreachable("no answer")
        return asks(path, kind)

    airflow.all_of = all_of
    clock = Clock()
    said = testimony.collect(airflow, PLAN, 30, clock.now, clock.pause)
    assert clock.moment == ASKED + testimony.POLL
    assert said == collect(Drill())[0]


@pytest.mark.parametrize("url, port", [("https://a", 443), ("http://a", 80), ("http://[fd00::1]:8081", 8081)])
def test_the_port_of_the_api(url, port):
    airflow = Airflow(Drill())
    airflow.url = url
    assert testimony.collect(airflow, PLAN, 30, lambda: ASKED, None)["api_port"] == port
