# SPDX-License-Identifier: GPL-3.0-or-later
"""What may happen to backups and to a restore: nothing of the database is touched, the reason is told, and the next run goes on."""

from __future__ import annotations

import concurrent.futures
import contextlib

import bare
import pytest

from repository import DATA, DIRECTORY, STANZA

ENOUGH = 3_000_000  # rows, with which a backup and a restore last long enough for something to happen in the middle
SOME = 16  # MB of a restore that has begun
OTHER = "/var/tmp/other"
STATE = "/var/lib/steady-airflow-backup"
PRESENT = "steady-airflow-backup-watch"


@pytest.fixture(name="much", scope="module")
def a_table_that_takes_its_time(connect):
    def run(statement):
        with connect() as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            connection.commit()

    run(f"CREATE TABLE IF NOT EXISTS steady_bulk AS SELECT md5(n::text), md5((-n)::text) AS other FROM generate_series(1, {ENOUGH}) n")
    yield
    run("DROP TABLE steady_bulk")


@pytest.fixture(name="is_told")
def what_the_watch_says(keeper, eventually):
    return lambda words: eventually(lambda: words in keeper.service(PRESENT).systemd_properties["StatusText"])


@pytest.fixture(name="goes_on")
def all_is_as_it_was(playbook, whole, example, is_told):
    """Members, DAGs and backups, without anything having been repaired but what was broken."""
    def look():
        whole()
        assert example()[0] == "success"
        status, text = playbook("backup")
        assert status == 0, text
        is_told("the newest one")

    return look


@pytest.fixture(name="small_disk")
def place_of_the_repository_with_little_room(keeper):
    """Services see what is mounted before they start."""
    units = f"pgbackrest {PRESENT}"

    @contextlib.contextmanager
    def mounted(megabytes):
        keeper.check_output(f"systemctl stop {units}; mv {DIRECTORY} {DIRECTORY}.large; mkdir {DIRECTORY}; "
                            f"mount -t tmpfs -o size=$(($(du -sm {DIRECTORY}.large | cut -f1) + {megabytes}))m tmpfs {DIRECTORY}; "
                            f"cp -a {DIRECTORY}.large/. {DIRECTORY}; systemctl start {units}")
        try:
            yield
        finally:
            keeper.check_output(f"systemctl stop {units}; rm -rf {DIRECTORY}.large; cp -a {DIRECTORY} {DIRECTORY}.large; umount {DIRECTORY}; "
                                f"rmdir {DIRECTORY}; mv {DIRECTORY}.large {DIRECTORY}; systemctl start {units}")

    return mounted


@pytest.mark.usefixtures("much")
def test_the_leader_is_lost_during_a_backup(keeper, kept, leads, eventually, patroni, goes_on):
    unit = "steady-airflow-backup@full"
    keeper.check_output(f"systemctl start --no-block {unit}")
    eventually(lambda: kept()["status"]["lock"]["backup"].get("size-cplt"))
    former = leads()
    with bare.without_power(former):
        eventually(lambda: keeper.service(unit).systemd_properties["ActiveState"] == "failed")
        assert "ERROR" in keeper.check_output(f"journalctl --unit={unit} --output=cat --lines=20")
        eventually(lambda: any(member["role"] == "leader" and member["name"] != former for member in patroni()))
    keeper.check_output(f"systemctl reset-failed {unit}")
    goes_on()
    assert not any(backup["error"] for backup in kept()["backup"])


@pytest.mark.usefixtures("much")
def test_the_network_is_lost_in_the_middle_of_a_restore(restore, leads, nodes, addresses, keeper, write, eventually, goes_on, playbook):
    assert playbook("backup")[0] == 0
    write("not in that backup")
    member = leads()
    has_begun = f"du -sm {DATA}.restored | cut -f1"
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        restored = pool.submit(restore)
        eventually(lambda: int(nodes[member].run(has_begun).stdout or 0) > SOME)
        keeper.check_output(f"ip route add blackhole {addresses[member]}")
        try:
            status, text, _left = restored.result()
        finally:
            keeper.check_output(f"ip route del blackhole {addresses[member]}")
    assert status != 0
    assert "Nothing was restored: pgbackrest restore failed" in text
    assert not nodes[member].file(f"{DATA}.restored").exists
    goes_on()
    status, text, _left = restore()
    assert status == 0, text
    goes_on()


def test_the_host_that_keeps_them_is_away_for_a_while(keeper, kept, archived, example, goes_on):
    before = archived()
    with bare.without_power("node3"):
        assert example()[0] == "success"
    goes_on()
    assert kept()["archive"][-1]["max"] > before


def test_all_that_was_kept_is_lost(keeper, kept, is_told, playbook, example, eventually, goes_on):
    keeper.check_output(f"find {DIRECTORY} -mindepth 1 -delete")
    keeper.check_output(f"systemctl kill --signal=USR1 {PRESENT}")
    is_told("has no place for airflow yet")
    assert example()[0] == "success"
    status, text = playbook("site")
    assert status == 0, text[-3000:]
    assert eventually(lambda: kept()["backup"])[0]["type"] == "full"
    goes_on()


@pytest.mark.usefixtures("much")
def test_the_disk_is_full(keeper, small_disk, playbook, example, goes_on):
    with small_disk(16):
        status, text = playbook("backup", "-e", "backup_kind=full")
        assert status != 0
        assert "unable to write" in text and "MB are free in /var/lib/pgbackrest" in " ".join(text.split())
        assert example()[0] == "success"
        keeper.check_output(f"mount -o remount,size=2g {DIRECTORY}")
        goes_on()
    goes_on()


def test_a_drill_without_room_is_no_proof(keeper, playbook):
    keeper.check_output(f"mount -t tmpfs -o size=100m,uid=$(id -u postgres),mode=0700 tmpfs {STATE}")
    try:
        status, text = playbook("restore_drill")
    finally:
        keeper.check_output(f"umount {STATE}")
    assert status != 0
    assert f"{STATE} has 0.1 GB free, and needs" in " ".join(text.split())
    assert playbook("restore_drill")[0] == 0


def test_another_key_is_told_and_nothing_written_with_it(keeper, playbook, example, goes_on):
    info = f"sha256sum {DIRECTORY}/backup/{STANZA}/backup.info"
    before = keeper.check_output(info)
    try:
        for name in ("site", "restore"):
            status, text = playbook(name, "-e", "backup_repository_password=another-one-of-2026")
            assert status != 0
            assert "give back the former backup_repository_password" in " ".join(text.split())
        assert keeper.check_output(info) == before
        assert example()[0] == "success"
    finally:
        status, text = playbook("site")
    assert status == 0, text[-3000:]
    goes_on()


def test_backups_of_another_cluster_are_left_alone(keeper, playbook, example, goes_on):
    programs, server = "/usr/lib/postgresql/17/bin", f"-p 5999 -c unix_socket_directories={OTHER}"
    keeper.check_output(f"install -d -o postgres {OTHER} {OTHER}/kept")
    words = f"--config=/etc/pgbackrest-restore-drill.conf --stanza={STANZA} --pg1-path={OTHER}/data --pg1-port=5999 --pg1-socket-path={OTHER}"
    for command in (f"{programs}/initdb --pgdata={OTHER}/data", f"{programs}/pg_ctl --pgdata={OTHER}/data --wait --options='{server}' --log={OTHER}/log start",
                    f"pgbackrest {words} --repo1-path={OTHER}/kept stanza-create", f"{programs}/pg_ctl --pgdata={OTHER}/data --wait stop"):
        keeper.check_output(f"cd / && runuser -u postgres -- {command}")
    keeper.check_output(f"mv {DIRECTORY} {DIRECTORY}.own && mv {OTHER}/kept {DIRECTORY}")
    listing = f"cd {DIRECTORY} && find . -type f -exec sha256sum {{}} +"
    before = keeper.check_output(listing)
    try:
        status, text = playbook("site")
        assert status != 0
        assert "the repository holds backups of another cluster: its number is" in " ".join(text.split())
        assert keeper.check_output(listing) == before
        assert example()[0] == "success"
    finally:
        keeper.check_output(f"rm -rf {DIRECTORY} && mv {DIRECTORY}.own {DIRECTORY} && rm -rf {OTHER}")
    assert playbook("site")[0] == 0
    goes_on()
