# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of units are read as systemd would read them, and judged."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.tests.unit.plugins.plugin_utils._audit.wishes import ids, judged, subjects

UNIT = """[Unit]
After=network.target \\
# a remark between
 postgresql.service
[Service]
Environment=AIRFLOW_HOME=/srv/airflow "AIRFLOW__CORE__LOAD_EXAMPLES=True"
ExecStart=-/bin/bash -c 'source /srv/venv/bin/activate && exec airflow celery worker -q one,two'
Restart=on-failure
RestartSec=5
"""


def test_a_unit_is_read_with_what_lies_beside_it(write, tmp_path):
    unit = write("airflow.service", UNIT)
    (tmp_path / "airflow.service.d").mkdir()
    write("airflow.service.d/10-wait.conf", "[Service]\nTimeoutStopSec=infinity\n[Unit]\nStartLimitInterval=0\n")
    [service] = subjects(units=[unit])["service"]
    assert (service.kind, service.member, service.queues) == ("worker", "airflow.service", ["one", "two"])
    told = {name: service.setting(name) for name in ("Restart", "RestartPause", "TimeoutStop", "StartLimitInterval", "StartLimitBurst", "KillMode")}
    assert told == {"Restart": "on-failure", "RestartPause": 5, "TimeoutStop": None, "StartLimitInterval": 0, "StartLimitBurst": "5",
                    "KillMode": "control-group"}
    assert ids(units=[unit]) >= {"service-worker-kill", "airflow-load-examples"}


def test_what_a_unit_says_later_counts_and_nothing_takes_it_all_back(write):
    text = "[Service]\nExecStart=/bin/true\nExecStart=\nExecStart=airflow scheduler\n[Install]\nRestart=always\n"
    [service] = subjects(units=[write("u.service", text)])["service"]
    assert (service.kind, service.setting("Restart"), service.setting("RestartPause")) == ("scheduler", "no", 0.1)


@pytest.mark.parametrize(("line", "lines", "expected"), [
    ("airflow scheduler -D", "Restart=always", "service-daemon"),
    ("airflow scheduler --daemon", "Restart=always\nType=forking", None),
    ("airflow scheduler -n 10", "Restart=on-failure", "service-ends"),
    ("airflow scheduler --num-runs=10", "Restart=on-failure", "service-ends"),
    ("airflow scheduler -n 10", "Restart=always", None),
    ("/srv/run.sh scheduler", "Restart=no", "service-unrecognised"),
])
def test_how_a_scheduler_is_started_is_judged(write, line, lines, expected):
    told = ids(units=[write("s.service", "[Service]\nExecStart=%s\n%s\n" % (line, lines))])
    assert told & {"service-daemon", "service-ends", "service-unrecognised"} == ({expected} if expected else set())


@pytest.mark.parametrize(("executor", "mode", "found"), [("LocalExecutor", "control-group", True), ("LocalExecutor", "mixed", False),
                                                         ("CeleryExecutor", "control-group", False)])
def test_a_schedulers_stop_is_judged_by_its_executor(write, executor, mode, found):
    told = ids(environment=[write("a", "AIRFLOW__CORE__EXECUTOR=%s\n" % executor)],
               units=[write("s.service", "[Service]\nExecStart=airflow scheduler\nKillMode=%s\n" % mode)])
    assert ("service-scheduler-kill" in told) == found


def test_what_a_file_of_the_environment_would_say_is_unknown_unless_it_was_given(write):
    unit = write("s.service", "[Service]\nExecStart=airflow scheduler\nEnvironment=AIRFLOW__CORE__EXECUTOR=LocalExecutor\n"
                              "EnvironmentFile=-/etc/default/airflow\n")
    told = judged(units=[unit])
    assert "airflow-fernet-unset" not in {each["id"] for each in told["findings"]}
    assert any("s.service reads /etc/default/airflow, which was not given" in each["reason"] for each in told["unknown"])
    assert "airflow-fernet-unset" in ids(units=[unit], environment=[write("airflow", "A=1\n")])


def test_units_that_tell_airflow_nothing_are_no_configuration(write):
    told = subjects(units=[write("s.service", "[Service]\nExecStart={{ venv }}/bin/airflow scheduler\n"), write("x.service", "[Service]\nExecStart=/bin/x\n")])
    assert [service.kind for service in told["service"]] == ["scheduler"]
    assert told["configuration"] == []
