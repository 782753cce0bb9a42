# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure parts of the bench, and its rehearsal."""

from __future__ import annotations

import io

import bench
import bench_report
import bench_usage
import pytest


@pytest.fixture
def rehearsal(tmp_path):
    return bench.Rehearsal(9, tmp_path / "log", io.StringIO())


def test_the_plain_script_gets_every_package_once():
    defaults = {"topology_airflow_version": "3.3.2", "topology_packages": {"etcd": ["etcd-server"], "common": ["curl", "etcd-server"]}}
    assert bench.arguments_of_plain(defaults) == [
        "/root/locks/airflow-3.3.2-py3.13.txt", "/root/locks/uv.txt", "curl", "etcd-server"]


def test_the_real_topology_has_what_the_plain_script_needs():
    assert "haproxy" in bench.packages(bench.topology())
    assert (bench.LOCKS / bench.arguments_of_plain(bench.topology())[0].rsplit("/", 1)[1]).exists()


def test_a_first_deployment_has_bare_hosts_before_each_side(rehearsal):
    bench.first(rehearsal)
    said = rehearsal.terminal.getvalue()
    steps = [line.split()[-1] for line in said.splitlines() if line.endswith(("tools/hosts down", "tools/hosts up", "playbooks/site.yml"))]
    assert steps == ["down", "up"] * 3 + ["playbooks/site.yml"]
    assert said.count("bash /root/bench-plain.sh") == 2 * len(bench.HOSTS)
    assert len(rehearsal.times) == bench.PARTS["first"]


def test_runs_and_pings_take_turns(rehearsal):
    title, _heading, rows = bench.second(rehearsal, 3)
    said = rehearsal.terminal.getvalue()
    assert said.count("ansible.builtin.ping") == 3 and said.count("playbooks/site.yml") == 3 + 1
    assert title == "Second run" and len(rows) == 1
    assert len(rehearsal.times) == bench.PARTS["second"]


def test_a_second_run_that_changes_something_measures_nothing(rehearsal, monkeypatch):
    monkeypatch.setattr(rehearsal, "command", lambda *_args, **_options: ["node1 : ok=3 changed=1 unreachable=0"])
    with pytest.raises(bench.StageFailed, match="changed 1 things"):
        bench.alternate(rehearsal, "site", 3)


def test_the_idle_stack_is_measured_on_every_host(rehearsal):
    _title, heading, rows = bench.idle(rehearsal)
    assert heading == ("Tier", "node1", "node2", "node3")
    assert rows[-1] == ("All", "0 MiB, 0.0 %", "0 MiB, 0.0 %", "0 MiB, 0.0 %")
    assert len(rehearsal.times) == bench.PARTS["idle"]


def test_samples_are_told_by_median_and_spread():
    assert bench_report.seconds_of([3.0, 1.0, 2.0]) == "2.0 s (1.0 to 3.0)"
    assert bench_report.ratio(9.0, 2.0) == "4.5"


def test_units_are_summed_by_tier():
    usage = {"node1": {
        "haproxy.service": {"pss": 10.0, "rss": 20.0, "cpu": 0.01}, "keepalived.service": {"pss": 5.0, "rss": 9.0, "cpu": 0.002},
        "ssh.service": {"pss": 99.0, "rss": 99.0, "cpu": 0.9}}}
    rows = dict(bench_report.usage_rows(usage))
    assert rows["HAProxy, keepalived"] == rows["All"] == "15 MiB, 1.2 %"
    assert rows["etcd"] == "0 MiB, 0.0 %"


def test_each_section_of_the_page_tells_date_and_machine():
    page = bench_report.markdown([("Second run", ("", "Ratio"), [("Median", "4.5")])])
    assert "## Second run\n\n|  | Ratio |\n|---|---|\n| Median | 4.5 |\n\n20" in page
    assert page.endswith(f"{bench_report.machine()}\n")
    assert "Median  4.5" in bench_report.text([("Second run", ("", "Ratio"), [("Median", "4.5")])])


def test_sections_that_were_not_measured_stay():
    page = bench_report.markdown([("First", ("a",), [("1",)]), ("Second", ("a",), [("2",)])])
    assert bench_report.markdown([("Second", ("a",), [("2",)])], page) == page
    changed = bench_report.markdown([("First", ("a",), [("3",)])], page)
    assert changed == page.replace("| 1 |", "| 3 |")


def test_usage_of_this_very_host_can_be_read():
    assert bench_usage.UNIT.search("1:name=systemd:/system.slice/etcd.service\n").group(1) == "etcd.service"
    assert bench_usage.UNIT.search("0::/system.slice/system-getty.slice/getty@tty1.service").group(1) == "getty@tty1.service"
    assert all(set(seen) == {"cpu", "pss", "rss"} for seen in bench_usage.look().values())
