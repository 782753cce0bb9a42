# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a worker take what waits? Judged over looks that are written down here, and over real processes with the titles of Celery's."""
from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
import types

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

FILES = ROOT / "roles/airflow_component/files"
# What a worker has below it, by title. Each says something when it has its title, and waits for a word that never comes.
BELOW = ("[celeryd: celery@node1:ForkPoolWorker-1]", "airflow serve-logs", "airflow supervisor: 0199")
MAIN = "exec 3<&0; %s wait" % " ".join("(exec -a '%s' bash -c 'echo; read word') <&3 &" % title for title in BELOW)


@pytest.fixture(name="worker")
def script(monkeypatch):
    queues = types.SimpleNamespace
    broker = types.SimpleNamespace(Silence=ConnectionError, Queues=lambda names: queues(waiting=lambda: dict.fromkeys(names, 1), leave=lambda: None))
    monkeypatch.setitem(sys.modules, "broker", broker)
    for name in ("said", "processes", "worker"):
        spec = importlib.util.spec_from_file_location(name, FILES / (name + ".py"))
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
    return module


@pytest.fixture(name="signs")
def looks(worker):
    """The signs of life at looks that are five seconds apart. Each: (does a message wait, {place: seconds wanted, or None with a task})."""
    def watch(*seen):
        free = worker.Free()
        return [free.sign(5 * number, waits, places) for number, (waits, places) in enumerate(seen)]

    return watch


def test_a_worker_that_nobody_wants_anything_of_is_in_order(signs):
    assert signs(*[(False, {1: 0.5, 2: 0.5})] * 4) == [0, 5, 10, 15]


def test_one_that_leaves_places_free_while_messages_wait_gives_no_sign(signs):
    assert signs((False, {1: 0.5}), *[(True, {1: 0.5, 2: 0.5})] * 4) == [0, 5, 5, 5, 5]


def test_it_is_enough_that_one_place_is_forgotten(signs):
    assert signs((True, {1: 0.5, 2: 3.0}), (True, {1: 0.5, 2: None}), (True, {1: 0.5, 2: 4.0}), (True, {1: 0.5, 2: None})) == [0, 0, 0, 0]


def test_places_that_take_turns_are_at_work(signs):
    assert signs((True, {1: 0.5, 2: None}), (True, {1: None, 2: 1.0}), (True, {1: 1.5, 2: None}), (True, {1: None, 2: 2.0})) == [0, 5, 10, 15]


def test_a_place_that_does_a_short_task_between_two_looks_is_at_work(signs):
    assert signs(*[(True, {1: 0.06 * number}) for number in range(4)]) == [0, 5, 10, 15]
    assert signs(*[(True, {1: 0.04 * number}) for number in range(4)]) == [0, 0, 0, 0]  # a thread that looks at a clock now and then


def test_a_worker_without_a_free_place_is_in_order(signs):
    assert signs(*[(True, {1: None, 2: None})] * 3) == [0, 5, 10]


def test_a_message_that_was_taken_after_all_is_a_sign(signs):
    still = {1: 0.5}
    assert signs((True, still), (True, still), (False, still), (True, still), (True, still)) == [0, 0, 10, 15, 15]


def test_places_of_another_process_are_others(signs):
    assert signs((True, {1: 0.5}), (True, {1: 0.5}), (True, {7: 0.1}), (True, {7: 0.1})) == [0, 0, 10, 10]


@pytest.fixture(name="main")
def main_process(worker):
    with subprocess.Popen(["bash", "-c", MAIN], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as main:
        for _title in BELOW:
            main.stdout.readline()
        yield main


@pytest.fixture(name="sent")
def signals(worker, monkeypatch):
    sent = []
    monkeypatch.setattr(worker.processes, "send", lambda number, whom: sent.append((number, *whom)))
    yield sent
    monkeypatch.undo()


def test_places_are_the_processes_of_the_pool_and_those_with_airflows_title_have_a_task(worker, main):
    seen = worker.places(main.pid)
    assert sorted(wanted is None for wanted in seen.values()) == [False, True]


def test_a_worker_with_tasks_is_told_once_to_end_and_never_killed(worker, main, sent):
    one = worker.Worker(["default"])
    one.sign(main.pid)
    assert one.end(main.pid) == "it ends when its 1 tasks have ended, and systemd starts it again"
    assert one.end(main.pid) == "it was told to end, and 1 tasks of it still run"
    assert sent == [(signal.SIGTERM, main.pid)]


def test_one_without_a_task_that_was_told_and_did_not_end_is_killed(worker, sent):
    one = worker.Worker(["default"])
    one.seen = {7: 0.5}
    assert "0 tasks" in one.end(5)
    assert "killed" in one.end(5)
    assert sent == [(signal.SIGTERM, 5), (signal.SIGKILL, 5)]


def test_nobody_is_judged_by_a_broker_that_does_not_tell(worker, monkeypatch, capsys):
    def unheard():
        raise worker.broker.Silence("timed out")

    monkeypatch.setattr(worker, "places", lambda main: {7: 0.5})
    one = worker.Worker(["default"])
    before = [one.sign(1) for _look in range(3)]
    heard = one.queues.waiting
    one.queues.waiting = unheard
    during = [one.sign(1) for _look in range(3)]
    one.queues.waiting = heard
    one.sign(1)
    assert len(set(before)) == 1
    assert len(set(during)) == 3
    assert capsys.readouterr().err.splitlines() == [
        "the worker is not judged while the broker does not tell what waits: timed out", "the broker tells again what waits"]


def test_a_pool_that_calls_its_processes_otherwise_is_said_once_and_not_when_it_starts(worker, monkeypatch, capsys):
    clock = types.SimpleNamespace(now=0.0, monotonic=lambda: clock.now)
    monkeypatch.setattr(worker, "time", clock)
    one = worker.Worker(["default"])
    with subprocess.Popen(["sleep", "60"]) as other:
        for clock.now in (0, 30, 60):
            one.sign(other.pid)
        assert capsys.readouterr().err == ""
        assert [one.sign(other.pid) for clock.now in (65, 70)] == [65, 70]
        other.kill()
    assert capsys.readouterr().err == "the worker is not judged: no process below %d has a title of Celery's pool\n" % other.pid


@pytest.fixture(name="clock")
def monotonic(worker, monkeypatch):
    clock = types.SimpleNamespace(now=0.0, monotonic=lambda: clock.now)
    monkeypatch.setattr(worker, "time", clock)
    monkeypatch.setattr(worker, "places", lambda main: {7: 0.5})
    return clock


def test_one_look_without_a_message_is_not_enough(worker, clock):
    told = iter([3, 0, 3, 0, 0, 3])
    one, signs = worker.Worker(["default"]), []
    for clock.now in range(0, 30, 5):
        if one.queues:
            one.queues.waiting = lambda: {"default": next(told)}
        signs.append(one.sign(1))
    assert signs == [0, 0, 0, 0, 0, 25]


def test_a_broker_that_is_slow_is_left_in_peace(worker, clock):
    def slowly():
        asked.append(clock.now)
        clock.now += 12
        return {"default": 3}

    one, asked = worker.Worker(["default"]), []
    one.sign(1)
    one.queues.waiting = slowly
    for now in range(5, 400, 5):
        clock.now = now
        one.sign(1)
    assert asked == [5, 305]


def test_a_worker_that_was_started_anew_may_have_another_broker(worker):
    one = worker.Worker(["default"])
    one.sign(1)
    first, left = one.queues, []
    first.leave = lambda: left.append(True)
    one.sign(1)
    assert one.queues is first
    one.sign(2)
    assert one.queues is not first and left
