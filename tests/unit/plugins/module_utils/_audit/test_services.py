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
    shown = "Id=ours.service\nActiveState=active\nExecStart={ path=/srv/run ; argv[]=/srv/run ; ignore_errors=no }\n"
    assert services.units(shown) == []
    assert [unit["kind"] for unit in services.units(shown, {"ours.service": "scheduler"})] == ["scheduler"]


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
