# SPDX-License-Identifier: GPL-3.0-or-later
"""The running cluster is made worse in one way after the other: the audit says so, and nothing else, and is silent again at the end."""

from __future__ import annotations

import contextlib
import json

import pytest

KNOWN = {"airflow-logs-local", "postgresql-no-archive"}  # of the cluster as it is
WORSE = "/etc/systemd/system/%s.d/zz-worse.conf"
BEFORE = "/run/before-it-was-worse"
SQL = "runuser -u postgres -- psql -qc"
PATRONI = "runuser -u postgres -- patronictl -c /etc/patroni/config.yml"


def unit(name, *lines, then=""):
    """A drop-in, and what makes it count."""
    path = WORSE % name
    begin = "mkdir -p %s && printf '%%s\\n' %s > %s" % (path.rpartition("/")[0], " ".join("'%s'" % line for line in lines), path)
    end = "rm %s" % path
    return tuple("%s && systemctl daemon-reload%s" % (each, " && " + then if then else "") for each in (begin, end))


def file(path, script, then=""):
    """A file that sed has changed, and what makes it count."""
    behind = " && " + then if then else ""
    return "cp -p %s %s && sed -i '%s' %s%s" % (path, BEFORE, script, path, behind), "cp -p %s %s%s" % (BEFORE, path, behind)


HAPROXY, KEEPALIVED, CONFIG = "/etc/haproxy/haproxy.cfg", "/etc/keepalived/keepalived.conf", "/etc/airflow/airflow.cfg"
ONE, OTHERS, LEADER = "one", "others", "leader"
ENDING = ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3 -subj /CN=ending -keyout /etc/haproxy/ending.key "
          "-out /etc/haproxy/ending.crt 2>/dev/null && chown haproxy /etc/haproxy/ending.key")
SHOWN = file(HAPROXY, "$a frontend ending\\n    mode http\\n    timeout client 5s\\n    bind 127.0.0.1:9443 ssl crt /etc/haproxy/ending.crt",
             "systemctl reload haproxy")
CLASSIC = ('{new, _} = rabbit_amqqueue:declare({resource, <<"before">>, queue, <<"default">>}, true, false, '
           '[{<<"x-queue-type">>, longstr, <<"classic">>}], none, <<"test">>).')
MUTATIONS = [  # what is found, where, what is done, and what takes it back
    ("service-no-restart", ONE, *unit("airflow-triggerer.service", "[Service]", "Restart=no")),
    ("service-start-limit", ONE, *unit("airflow-scheduler.service", "[Unit]", "StartLimitIntervalSec=60", "StartLimitBurst=3")),
    ("service-restart-slow", ONE, *unit("airflow-api-server.service", "[Service]", "RestartSec=120")),
    ("service-worker-kill", ONE, *unit("airflow-worker.service", "[Service]", "KillMode=control-group")),
    ("service-worker-stop", ONE, *unit("airflow-worker.service", "[Service]", "TimeoutStopSec=30")),
    ("service-member-no-restart", ONE, *unit("etcd.service", "[Service]", "Restart=no")),
    ("service-not-enabled", ONE, "systemctl disable haproxy", "systemctl enable haproxy"),
    ("service-stopped", ONE, "systemctl stop airflow-dag-processor", "systemctl start airflow-dag-processor"),
    ("cluster-one-triggerer, service-stopped", OTHERS, "systemctl stop airflow-triggerer", "systemctl start airflow-triggerer"),
    ("airflow-variable-ignored", ONE,
     *unit("airflow-triggerer.service", "[Service]", "Environment=AIRFLOW__TRIGGERER=", then="systemctl restart airflow-triggerer")),
    ("airflow-load-examples, cluster-option-differs", ONE,
     *unit("airflow-triggerer.service", "[Service]", "Environment=AIRFLOW__CORE__LOAD_EXAMPLES=True", then="systemctl restart airflow-triggerer")),
    ("airflow-config-readable", ONE, "chmod o+r " + CONFIG, "chmod o-r " + CONFIG),
    ("airflow-config-broken", ONE, *file(CONFIG, r"1s/^/\xef\xbb\xbf/")),
    ("airflow-option-unknown, airflow-publish-block, cluster-option-differs", ONE, *file(CONFIG, "s/^max_tis_per_query /max_tis_per_qury /")),
    ("airflow-task-retries, cluster-option-differs", ONE, *file(CONFIG, "s/^default_task_retries = .*/default_task_retries = 0/")),
    ("cluster-secret-differs", ONE, *file(CONFIG, "s/^fernet_key = ./fernet_key = A/")),
    ("cluster-dags-differ", ONE, "echo > /var/lib/airflow/dags/current/of_this_host.py", "rm /var/lib/airflow/dags/current/of_this_host.py"),
    ("haproxy-database-role", ONE, *file(HAPROXY, "s,option httpchk OPTIONS /primary,option tcp-check,", "systemctl reload haproxy")),
    ("haproxy-session-timeout", ONE, *file(HAPROXY, "s/timeout server 86400s/timeout server 30s/", "systemctl reload haproxy")),
    ("certificate-ends", ONE, ENDING + " && " + SHOWN[0], SHOWN[1] + " && rm /etc/haproxy/ending.*"),
    ("keepalived-preempt", ONE, *file(KEEPALIVED, "/nopreempt/d", "systemctl reload keepalived")),
    ("etcd-compaction", ONE, *file("/etc/default/etcd", "/AUTO_COMPACTION_RETENTION/d", "systemctl restart etcd")),
    ("rabbitmq-consumer-timeout", ONE, *file("/etc/rabbitmq/rabbitmq.conf", "/^consumer_timeout/d")),
    ("cluster-queue-classic", ONE, "rabbitmqctl add_vhost before && rabbitmqctl eval '%s'" % CLASSIC, "rabbitmqctl delete_vhost before"),
    ("patroni-paused", LEADER, PATRONI + " pause --wait", PATRONI + " resume --wait"),
    ("patroni-asynchronous", LEADER, PATRONI + " edit-config --force -s synchronous_mode=false", PATRONI + " edit-config --force -s synchronous_mode=true"),
    ("postgresql-idle-transaction", LEADER, SQL + " 'ALTER ROLE airflow RESET idle_in_transaction_session_timeout'",
     SQL + " \"ALTER ROLE airflow SET idle_in_transaction_session_timeout TO '{idle}'\""),
]


@pytest.fixture(name="found", scope="module")
def what_the_audit_finds(playbook, eventually, tmp_path_factory):
    """Asserts that it finds these rules and no other, as soon as all has settled."""
    directory, seen = tmp_path_factory.mktemp("audit"), {}

    def audit():
        status, text = playbook("audit", "-e", json.dumps({"audit_directory": str(directory), "audit_fail_on": "none"}))
        assert status == 0, text[-3000:]
        seen.update(json.loads((directory / "audit.json").read_text(encoding="utf-8")))
        return {each["id"] for each in seen["findings"]} - KNOWN

    def found(*expected):
        with contextlib.suppress(AssertionError):
            eventually(lambda: audit() == set(expected) and not seen["unknown"])
        assert sorted({each["id"] for each in seen["findings"]} - KNOWN) == sorted(expected), seen["findings"]
        assert seen["unknown"] == []

    return found


@pytest.fixture(name="hosts_of")
def hosts_by_their_part(nodes, patroni):
    def hosts_of(part):
        if part == LEADER:
            return [nodes[next(member["name"] for member in patroni() if member["role"] == "leader")]]
        return list(nodes.values())[1:] if part == OTHERS else list(nodes.values())[1:2]

    return hosts_of


@pytest.fixture(name="idle")
def how_long_a_transaction_may_idle(setting):
    return setting("idle_in_transaction_session_timeout")


@pytest.mark.parametrize(("expected", "part", "begin", "end"), MUTATIONS, ids=[mutation[0].replace(", ", "+") for mutation in MUTATIONS])
def test_what_is_worse_is_found_and_nothing_else(found, hosts_of, idle, expected, part, begin, end):
    with contextlib.ExitStack() as stack:
        for host in hosts_of(part):
            stack.callback(host.check_output, end.replace("{idle}", idle))
            host.check_output(begin)
        found(*expected.split(", "))


def test_nothing_is_left(found):
    found()
