# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups in an object store, on node2, which only the host that keeps them speaks to."""

from __future__ import annotations

import json

import pytest

SECRET = "a/secret-2026"
BUCKET = "/srv/store/backups/pgbackrest"


@pytest.fixture(name="keeper")
def host_that_keeps_the_backups(nodes):
    return nodes["node1"]


@pytest.fixture(name="store")
def object_store(nodes):
    return nodes["node2"]


@pytest.fixture(name="newest")
def newest_segment(keeper):
    command = "cd / && runuser -u postgres -- pgbackrest --stanza=airflow --log-level-file=off --output=json info"
    return lambda: json.loads(keeper.check_output(command))[0]["archive"][-1]["max"]


def test_they_are_in_the_bucket_and_nowhere_else(keeper, store):
    assert "airflow" in store.check_output(f"ls {BUCKET}/backup")
    assert store.check_output(f"head -c 8 {BUCKET}/backup/airflow/backup.info") == "Salted__"
    assert keeper.check_output("ls -A /var/lib/pgbackrest") == ""
    for path in ("/etc/pgbackrest.conf", "/etc/pgbackrest-restore-drill.conf"):
        assert keeper.file(path).mode & 0o007 == 0 and SECRET in keeper.file(path).content_string


def test_a_store_that_is_away_stops_nothing_and_is_told(keeper, store, newest, playbook, example, eventually):
    before = newest()
    status = keeper.service("steady-airflow-backup-watch").systemd_properties
    assert "the newest one" in status["StatusText"]
    store.check_output("systemctl stop store")
    try:
        assert example()[0] == "success"
        keeper.check_output("cd / && runuser -u postgres -- psql --command 'SELECT pg_switch_wal()'")
        eventually(lambda: "airflow_backup_healthy 0" in keeper.file("/run/steady-airflow-backup/airflow_backup.prom").content_string)
        assert "the newest one" not in keeper.service("steady-airflow-backup-watch").systemd_properties["StatusText"]
    finally:
        store.check_output("systemctl start store")
    eventually(lambda: newest() > before)
    assert playbook("backup")[0] == 0
    eventually(lambda: "airflow_backup_healthy 1" in keeper.file("/run/steady-airflow-backup/airflow_backup.prom").content_string)


@pytest.mark.parametrize("wish, told", [
    ({"backup_s3_secret": "another-secret"}, "HTTP request failed with 403 (Forbidden). See that key, secret"),
    ({"backup_s3": {"endpoint": "store.example.org:9000", "bucket": "nothing", "region": "any", "path_style": True}},
     "HTTP request failed with 404 (Not Found). See that key, secret, bucket"),
    ({"backup_s3": {"endpoint": "store.example.org:9000", "bucket": "backups"}}, "[inventory-object-store] backup_s3: lacks region"),
    ({"backup_s3_secret": ""}, "[inventory-secret-empty] backup_s3_secret"),
])
def test_a_store_that_cannot_be_used_is_told(playbook, example, wish, told):
    status, text = playbook("site", "-e", json.dumps(wish))
    assert status != 0
    assert told in " ".join(text.split())
    assert SECRET not in text
    assert playbook("site")[0] == 0
    assert playbook("backup")[0] == 0
    assert example()[0] == "success"
