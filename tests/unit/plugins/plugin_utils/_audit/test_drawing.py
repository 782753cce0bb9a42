# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster as it is drawn: every service once, none upon another, each with what was found of it."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit.services import KINDS
from ansible_collections.steady.airflow.plugins.plugin_utils._audit import html, page, verdict
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.drawing import FIT, LAYERS, ORDER, drawing, short
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import SEVERITIES
from ansible_collections.steady.airflow.tests.unit.plugins.plugin_utils._audit.hosts import cluster, option, other, setting, without

WIDEST = 1168  # of what page.css leaves at 16 pixels to a letter's height
LONG = "airflow-production-eu-west-1a-scheduler-01.internal.example.com"
EVIL = "<script>alert(1)</script>&\"'"


def service(kind, unit="", container=""):
    return {"kind": kind, "unit": unit or kind + ".service", "container": container}


def finding(identity, *members, severity="warning", tier="airflow"):
    return {"id": identity, "severity": severity, "tier": tier, "members": list(members)}


def boxes(drawn):
    return [box for panel in drawn["panels"] for box in panel["boxes"]]


def at(drawn, host, kind):
    [box] = [box for box in boxes(drawn) if (box["host"], box["kind"]) == (host, kind)]
    return box


def head(drawn, name):
    [found] = [host for panel in drawn["panels"] for host in panel["hosts"] if host["name"] == name]
    return found


def parted(one, another):
    return any(first[start] + first[size] <= second[start] for start, size in (("x", "width"), ("y", "height"))
               for first, second in ((one, another), (another, one)))


def inside(one, another):
    return all(another[start] <= one[start] and one[start] + one[size] <= another[start] + another[size]
               for start, size in (("x", "width"), ("y", "height")))


def seen(hosts):
    return {name: {"audit": one} for name, one in hosts.items()}


def many(number):
    return {"node%d" % each: [service(kind) for kind in sorted(KINDS)] for each in range(number)}


def svgs(hosts, **more):
    results = {**seen(hosts), **more}
    return re.findall(r"<svg.*?</svg>", html.html(verdict.of_hosts(results), "x", results), re.DOTALL)


@pytest.mark.parametrize("number", [1, 2, 3, 7, 12, 13])
def test_every_service_has_a_box_in_its_column_and_layer_and_none_lies_on_another(number):
    hosts = many(number)
    drawn = drawing(hosts, [finding("host-clock", "node0", severity="error"), finding("airflow-prefetch", "node0", tier="worker")])
    assert {(box["host"], box["kind"]) for box in boxes(drawn)} == {(host, kind) for host in hosts for kind in KINDS}
    assert [name for panel in drawn["panels"] for name in panel["names"]] == list(hosts)
    for panel in drawn["panels"]:
        assert panel["width"] <= WIDEST
        whole = {"x": 0, "y": 0, "width": panel["width"], "height": panel["height"]}
        for group in (panel["boxes"], panel["hosts"], panel["layers"]):
            assert all(inside(each, whole) for each in group)
            assert all(parted(one, another) for one, another in itertools.combinations(group, 2))
        columns = {each["name"]: each for each in panel["hosts"]}
        layers = {kind: layer for layer in panel["layers"] for kind in layer["rows"]}
        assert all(inside(box, columns[box["host"]]) and inside(box, layers[box["kind"]]) for box in panel["boxes"])


def test_every_kind_has_one_layer():
    assert sorted(ORDER) == sorted(KINDS)


def test_layers_are_as_requests_go_and_what_is_in_no_request_comes_last():
    [panel] = drawing({"node1": [service("rabbitmq"), service("haproxy"), service("minio"), service("worker"), service("etcd")]}, [])["panels"]
    assert [layer["label"] for layer in panel["layers"]] == [label for label, _kinds in LAYERS]
    assert [box["kind"] for box in sorted(panel["boxes"], key=lambda box: box["y"])] == ["haproxy", "worker", "etcd", "rabbitmq", "minio"]
    assert len(panel["arrows"]) == 3


def test_arrows_lead_to_what_is_there():
    assert [len(panel["arrows"]) for panel in drawing({"node1": [service("worker"), service("redis")]}, [])["panels"]] == [1]
    assert [panel["arrows"] for panel in drawing({"node1": [service("etcd"), service("redis")]}, [])["panels"]] == [[]]


def test_nothing_is_drawn_without_hosts():
    assert drawing({}, [finding("airflow-prefetch", "airflow.cfg")])["panels"] == []
    assert not svgs({})


def test_a_box_has_the_number_of_its_findings_and_the_worst_of_them():
    hosts = cluster()
    for change in (option("core.load_examples", "True"), setting("worker", ActiveState="failed", KillMode="control-group", TimeoutStop=90.0)):
        change(hosts)
    findings = page.grouped(verdict.of_hosts(seen(hosts))["findings"])
    drawn = drawing({name: one["services"] for name, one in hosts.items()}, findings)
    of_worker = [each for each in findings if "node2 airflow-worker.service" in each["members"]]
    worker = at(drawn, "node2", "worker")
    assert worker["count"] == len(of_worker) == 3
    assert worker["severity"] == min((each["severity"] for each in of_worker), key=SEVERITIES.index) == "error"
    assert {each["id"]: each["severity"] for each in findings}[worker["link"]] == "error"
    assert worker["says"] == "2 errors"
    assert at(drawn, "node1", "worker")["count"] == 0
    assert head(drawn, "node2")["link"] == "airflow-load-examples"
    assert head(drawn, "node1")["says"] == ""


@pytest.mark.parametrize(("found", "kind"), [
    (finding("service-failed", "node10 my.service", tier="services"), "worker"),
    (finding("container-restart", "node10 stack-redis-1", tier="containers"), "redis"),
    (finding("airflow-prefetch", "node10", tier="worker"), "worker"),
    (finding("airflow-load-examples", "node10 (scheduler)"), "scheduler"),
    (finding("cluster-one-scheduler", "node10", tier="cluster"), "scheduler"),
    (finding("cluster-one-database", "node10", tier="cluster"), "patroni"),
    (finding("postgresql-durability", "node10", tier="postgresql"), "patroni"),
    (finding("sentinel-quorum", "node10", tier="redis"), "redis_sentinel"),
    (finding("rabbitmq-members", "cluster", tier="rabbitmq"), "rabbitmq"),
])
def test_a_finding_stands_at_the_service_that_it_is_about(found, kind):
    services = [service("worker", "my.service"), service("redis", container="stack-redis-1"),
                *map(service, ("redis_sentinel", "scheduler", "patroni", "etcd", "rabbitmq"))]
    drawn = drawing({"node1": services, "node10": services}, [found])
    touched = {(box["host"], box["kind"]) for box in boxes(drawn) if box["count"]}
    assert touched == ({("node10", kind), ("node1", kind)} if found["members"] == ["cluster"] else {("node10", kind)})
    assert not head(drawn, "node10")["count"] and not drawn["elsewhere"]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.subject in KINDS], ids=lambda rule: rule.id)
def test_what_a_rule_finds_of_a_service_stands_there(rule):
    drawn = drawing(many(1), [finding(rule.id, "node0", tier=rule.tier)])
    assert [box["kind"] for box in boxes(drawn) if box["count"]] == [rule.subject]


@pytest.mark.parametrize("member", ["node1", "node1 (scheduler, worker)"])
def test_what_is_about_several_services_stands_at_the_name_of_the_host(member):
    drawn = drawing({"node1": [service("scheduler"), service("worker")]}, [finding("airflow-load-examples", member, member)])
    assert (head(drawn, "node1")["count"], head(drawn, "node1")["says"]) == (1, "1 warning")
    assert not any(box["count"] for box in boxes(drawn))


def test_what_is_about_nothing_that_is_drawn_is_told_apart():
    drawn = drawing({"node1": [service("worker")]}, [finding("cluster-secret-differs", "cluster", tier="cluster")])
    assert [each["id"] for each in drawn["elsewhere"]] == ["cluster-secret-differs"]


def test_the_only_one_of_a_kind_is_marked_unless_another_may_be_unseen():
    hosts = {"node1": [service("etcd"), service("worker"), service("worker")], "node2": [service("worker")]}
    assert {box["kind"] for box in boxes(drawing(hosts, [])) if box["alone"] and box["says"] == "one host"} == {"etcd"}
    assert not any(box["alone"] for box in boxes(drawing({**hosts, "node3": None}, [])))
    assert not any(box["alone"] for box in boxes(drawing({"node1": hosts["node1"]}, [])))
    assert at(drawing(hosts, []), "node1", "worker")["label"] == "worker ×2"


def test_a_silent_host_has_its_column_and_no_box():
    drawn = drawing({"node1": [service("worker")], "node2": None}, [])
    assert (head(drawn, "node2")["says"], head(drawn, "node2")["link"]) == ("silent", "unknown")
    assert {box["host"] for box in boxes(drawn)} == {"node1"}


@pytest.mark.parametrize(("name", "shown"), [
    ("node1", "node1"), ("192.168.100.200", "192.168.100.200"), ("worker-1.example.com", "worker-1…"), (LONG, "airflow-p…duler-01"),
    ("." * 30, "." * 9 + "…" + "." * 8), ("2001:db8:0:1234:5678:9abc:def0:1", "2001:db8:…c:def0:1"),
])
def test_a_long_name_is_cut(name, shown):
    assert short(name) == shown
    assert len(shown) <= FIT


def test_names_of_strangers_are_escaped_and_told_in_full():
    hosts = dict(zip((EVIL, LONG, "node3"), other().values()))
    without(hosts, "pgbouncer")
    [text] = svgs(hosts)
    titles = [title.text for title in ET.fromstring(text).iter("title")]
    assert any(title.startswith(EVIL) for title in titles) and any(title.startswith(LONG) for title in titles)
    assert "<script" not in text


def test_the_page_has_all_that_the_drawing_leads_to():
    hosts = cluster()
    setting("worker", ActiveState="failed")(hosts)
    results = {**seen(hosts), "node4": {"msg": "no route"}}
    text = html.html(verdict.of_hosts(results), "x", results)
    links = set(re.findall(r'href="#([^"]+)"', text))
    assert {"service-failed", "unknown"} <= links
    assert all('id="%s"' % link in text for link in links)


def test_the_table_below_has_every_kind_as_well_in_the_same_order():
    results = {name: {"audit": {"services": services}} for name, services in many(2).items()}
    text = html.html(verdict.of_hosts(seen(cluster())), "x", results)
    assert re.findall(r'<th scope="row">([^<]+)</th>', text)[:len(KINDS)] == [kind.replace("_", " ") for kind in ORDER]
