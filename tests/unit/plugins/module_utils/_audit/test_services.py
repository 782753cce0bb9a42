# SPDX-License-Identifier: GPL-3.0-or-later
"""Services are known by what they run. The answer of systemd is recorded on a host of the demo."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import services
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

UNITS = services.units((FIXTURES / "audit/systemctl.txt").read_text(encoding="utf-8"))
ALL = {
    "api_server": "airflow-api-server.service", "scheduler": "airflow-scheduler.service", "dag_processor": "airflow-dag-processor.service",
    "triggerer": "airflow-triggerer.service", "worker": "airflow-worker.service", "patroni": "patroni.service", "etcd": "etcd.service",
    "rabbitmq": "rabbitmq-server.service", "haproxy": "haproxy.service", "keepalived": "keepalived.service",
}


def test_all_services_of_a_stack_are_found_and_nothing_else():
    assert {unit["kind"]: unit["unit"] for unit in UNITS} == ALL
    assert len(UNITS) == len(ALL)


def test_a_unit_that_does_not_say_what_it_runs_may_be_named():
    shown = "Id=ours.service\nActiveState=active\nExecStart={ path=/srv/run ; argv[]=/srv/run -c 4 ; ignore_errors=no }\n"
    assert services.units(shown) == []
    for kind, processes in (("scheduler", 0), ("worker", 4)):
        assert [(unit["kind"], unit["settings"]["Processes"]) for unit in services.units(shown, {"ours.service": kind})] == [(kind, processes)]


@pytest.mark.parametrize(("active", "enabled", "condition", "is_meant"), [
    ("active", "disabled", "yes", True),
    ("failed", "disabled", "yes", True),
    ("inactive", "enabled", "yes", True),
    ("inactive", "enabled", "no", False),  # such as keepalived without a configuration
    ("inactive", "disabled", "yes", False),
])
def test_what_neither_runs_nor_comes_at_boot_is_none_of_the_stack(active, enabled, condition, is_meant):
    shown = "Id=x.service\nActiveState=%s\nUnitFileState=%s\nConditionResult=%s\nExecStart={ path=/a ; argv[]=/usr/bin/etcd ; }\n"
    found = services.units(shown % (active, enabled, condition))
    assert [unit["settings"]["ActiveState"] for unit in found] == [active] * is_meant


def test_a_service_that_was_asked_for_twice_is_one():
    text = (FIXTURES / "audit/systemctl.txt").read_text(encoding="utf-8")
    assert services.units(text + "\n" + text) == UNITS


def test_who_starts_at_boot_is_asked_by_name(tmp_path):
    wants = tmp_path / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True)
    (wants / "etcd.service").symlink_to("/lib/systemd/system/etcd.service")
    (wants / "remote-fs.target").touch()
    assert services.at_boot(Files(str(tmp_path))) == ["etcd.service"]


def test_settings_are_told_in_seconds():
    [worker] = [unit for unit in UNITS if unit["kind"] == "worker"]
    assert worker["settings"]["KillMode"] == "mixed"
    assert worker["settings"]["RestartPause"] == 1
    assert worker["settings"]["StartLimitInterval"] == 0
    assert worker["settings"]["TimeoutStop"] == 3600
    assert worker["environment_files"] == ["/etc/airflow/airflow.env", "/etc/airflow/components.env"]
    assert worker["environment"]["PYTHONUNBUFFERED"] == "1"


@pytest.mark.parametrize(("line", "kind"), [
    ("/opt/airflow/bin/airflow scheduler", "scheduler"),
    ("/opt/airflow/bin/python /opt/airflow/bin/airflow api-server --port 8080", "api_server"),
    ("airflow api_server -- host:192.0.2.11 port:8080", "api_server"),
    ("/usr/bin/env airflow webserver", "webserver"),
    ("/srv/venv/bin/airflow celery worker -q default", "worker"),
    ("/srv/venv/bin/airflow celery flower", "flower"),
    ("/srv/venv/bin/airflow standalone", "standalone"),
    ("/srv/venv/bin/airflow db check", ""),
    ("airflow serve-logs", ""),
    ("airflow", ""),
    ("/usr/bin/python3 /usr/bin/patroni /etc/patroni/config.yml", "patroni"),
    ("/usr/sbin/rabbitmq-server", "rabbitmq"),
    ("/usr/lib/erlang/erts-15.2/bin/beam.smp -- -sname rabbit@node1 -s rabbit boot", "rabbitmq"),
    ("/usr/lib/erlang/erts-15.2/bin/beam.smp -- -s ejabberd", ""),
    ("/usr/bin/redis-server 127.0.0.1:6379", "redis"),
    ("/usr/bin/redis-server *:26379 [sentinel]", "redis_sentinel"),
    ("redis-server /etc/sentinel.conf --sentinel", "redis_sentinel"),
    ("/usr/sbin/mariadbd --basedir=/usr", "mariadb"),
    ("tail -f /var/log/airflow/scheduler.log", ""),
    ("/usr/sbin/sshd -D", ""),
    ("", ""),
])
def test_a_service_is_known_by_its_command_line(line, kind):
    assert services.kind(line.split()) == kind


@pytest.mark.parametrize(("line", "wishes"), [
    ("airflow celery worker", {}),
    ("airflow celery worker -c 4", {"Processes": 4}),
    ("airflow celery worker --concurrency=4 --autoscale 16,2", {"Processes": 16}),
    ("airflow celery worker -c $SLOTS -D", {"Daemon": True}),
    ("airflow api-server -w 3", {"Processes": 3}),
    ("bash -c 'exec airflow api-server --workers 3'", {"Processes": 3}),
    ("airflow scheduler -n 5 -c 4", {"Runs": 5}),
])
def test_what_a_command_line_asks_for(line, wishes):
    words = services.words(line)
    assert services.wishes(services.kind(words), words) == {"Daemon": False, "Runs": 0, "Processes": 0, **wishes}


@pytest.mark.parametrize(("line", "queues"), [
    ("airflow celery worker", []),
    ("airflow celery worker -q one,two", ["one", "two"]),
    ("airflow celery worker --queues=one -c 4", ["one"]),
    ("airflow celery worker --queues", []),
    ("bash -lc 'exec airflow celery worker --queues one'", ["one"]),
])
def test_the_queues_of_a_worker_are_in_its_command_line(line, queues):
    assert services.queues(services.words(line)) == queues
    assert services.kind(services.words(line)) == "worker"


@pytest.mark.parametrize(("text", "seconds"), [
    ("1min 30s", 90), ("11min", 660), ("100ms", 0.1), ("1h 5min", 3900), ("0", 0), ("infinity", None), ("", 0), ("2d", 172800)])
def test_a_time_span_of_systemd_is_read(text, seconds):
    assert services.span(text) == seconds


def test_a_file_of_the_environment_is_read():
    assert services.environment("# a remark\nA=1\nB='two words'\n; C=3\nD=\nno sign\nE=a=b\n") == {"A": "1", "B": "two words", "D": "", "E": "a=b"}


def process(root, pid, line, cgroup):
    folder = root / "proc" / str(pid)
    folder.mkdir(parents=True)
    (folder / "cmdline").write_text("\0".join(line.split()) + "\0")
    (folder / "cgroup").write_text(cgroup)


def test_a_process_that_no_unit_has_started_is_found(tmp_path):
    process(tmp_path, 10, "/opt/airflow/current/bin/airflow scheduler", "0::/system.slice/airflow-scheduler.service\n")
    process(tmp_path, 11, "/home/me/venv/bin/airflow triggerer", "0::/user.slice/user-1000.slice/session-1.scope\n")
    process(tmp_path, 12, "bash", "0::/user.slice\n")
    process(tmp_path, 13, "/home/me/venv/bin/airflow triggerer", "0::/user.slice/user-1000.slice/session-1.scope\n")
    process(tmp_path, 14, "/usr/bin/etcd", "0::/system.slice/docker-%s.scope/system.slice/etcd.service\n" % ("0a" * 32))
    process(tmp_path, 15, "/usr/bin/etcd", "0::/system.slice/docker-%s.scope\n" % ("0a" * 32))
    process(tmp_path, 16, "/usr/bin/etcd", "0::/system.slice/docker-%s.scope\n" % ("0b" * 32))
    found = services.processes(Files(str(tmp_path)), UNITS)
    assert [(each["kind"], each["unit"], each["pid"], each["container"]) for each in found] == [
        ("triggerer", "", 11, ""), ("etcd", "", 14, "0a" * 32), ("etcd", "", 16, "0b" * 32)]
    assert services.told(Files(str(tmp_path)), found[1])["container"] == ("0a" * 6)
