# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups of the database: made by themselves, unreadable without the key, and made on after a failover."""

from __future__ import annotations

import json
import re

import pytest

from repository import DIRECTORY, STANZA

TLS = "/etc/steady-airflow/tls"
STATE = "/var/lib/steady-airflow-backup"
TIMELINE = 8  # letters of a segment's name, which begins with it
MARK = "this row is to be found in no file of the repository"


def test_the_first_backup_came_by_itself(kept, eventually):
    found = eventually(lambda: kept()["backup"])
    assert found[0]["type"] == "full"
    assert not found[0]["error"]


def test_what_is_kept_is_encrypted(keeper, write, playbook, kept):
    write(MARK)
    status, text = playbook("backup")
    assert status == 0, text
    assert kept()["cipher"] == "aes-256-cbc"
    assert keeper.run(f"grep -rlaF '{MARK}' {DIRECTORY}").stdout == ""


@pytest.mark.parametrize(("account", "identity", "answer"), [("etcd", "etcd", "access denied"), ("postgres", "patroni", "status: ok")])
def test_only_members_of_the_database_get_in(nodes, account, identity, answer):
    files = f"--repo1-host-cert-file={TLS}/{identity}.crt --repo1-host-key-file={TLS}/{identity}.key --repo1-host-ca-file={TLS}/ca.crt"
    client = f"pgbackrest --config=/dev/null --log-level-file=off --lock-path=/tmp --repo1-host=node3 --repo1-host-type=tls --repo1-host-port=8432 {files}"
    assert answer in nodes["node1"].check_output(f"runuser -u {account} -- {client} --stanza={STANZA} info")


@pytest.mark.parametrize(("name", "unit"), [
    ("node1", "pgbackrest"), ("node3", "pgbackrest"), ("node3", "steady-airflow-backup-watch"), ("node3", "steady-airflow-backup@full"),
    ("node3", "steady-airflow-restore-drill"),
])
def test_whoever_has_to_do_with_them_is_confined(nodes, name, unit):
    answer = nodes[name].run(f"systemd-analyze security --no-pager --threshold=20 {unit}.service")
    assert answer.succeeded, answer.stdout.splitlines()[-1:]
    assert nodes[name].service(unit).systemd_properties["User"] == "postgres"


def test_the_next_leader_goes_on(kept, playbook, patroni, nodes, leads, eventually, write, whole):
    before, former = kept(), leads()
    nodes[former].check_output("systemctl kill --signal=KILL patroni; systemctl stop patroni")
    try:
        eventually(lambda: any(member["role"] == "leader" and member["name"] != former for member in patroni()))
        write("after the failover")
        status, text = playbook("backup")
        assert status == 0, text
        after = kept()
        assert len(after["backup"]) == len(before["backup"]) + 1
        assert after["archive"][-1]["max"][:8] > before["archive"][-1]["max"][:8]  # a timeline of its own
    finally:
        nodes[former].check_output("systemctl start patroni")
    whole()


def test_the_newest_backup_is_proven_by_restoring_it(keeper, write, playbook):
    write(MARK)
    with_it = playbook("backup")
    assert with_it[0] == 0, with_it[1]
    status, text = playbook("restore_drill")
    assert status == 0, text
    found = json.loads(keeper.check_output(f"cat {STATE}/restore_drill.json"))
    assert found["proven"], found
    in_backup, running = found["rows"]["airflow public.steady_rows"]
    assert in_backup == running >= 1
    assert re.search(r"airflow public.steady_rows\W+%d\W+%d" % (in_backup, running), text), text
    assert not keeper.file(f"{STATE}/restored").exists


def test_an_archive_with_a_gap_is_no_proof(archived, without, playbook):
    """PostgreSQL takes a segment that is missing for the end, and opens."""
    assert playbook("backup")[0] == 0
    gap, last = archived(), archived()
    with without(gap):
        status, text = playbook("restore_drill")
    assert status != 0
    told = re.search(r"replay ended with (\w+), although the archive goes on to (\w+)", " ".join(text.split()))
    assert told and told[1][TIMELINE:] < gap[TIMELINE:] < last[TIMELINE:] <= told[2][TIMELINE:], text
    assert playbook("restore_drill")[0] == 0


def test_a_backup_that_cannot_be_restored_is_no_proof(keeper, playbook):
    """Of the newest full backup the files are gone, as after a disk that lost them."""
    keeper.check_output(f"mv {DIRECTORY}/backup/{STANZA} {DIRECTORY}/moved && cp -a {DIRECTORY}/moved {DIRECTORY}/backup/{STANZA}")
    try:
        keeper.check_output(f"find {DIRECTORY}/backup/{STANZA} -path '*/bundle/*' -type f -delete")
        status, text = playbook("restore_drill")
        assert status != 0
        assert "unable to open missing file" in text
        assert "'proven': True" not in text and "proven: true" not in text
    finally:
        keeper.check_output(f"rm -rf {DIRECTORY}/backup/{STANZA} && mv {DIRECTORY}/moved {DIRECTORY}/backup/{STANZA}")
