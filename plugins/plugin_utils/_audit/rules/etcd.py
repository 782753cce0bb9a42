# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: etcd, in which Patroni's members elect their leader."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.dags import is_temporary

BOOK = Book("etcd")
LOCAL = ("http://127.0.0.1", "http://localhost", "http://[::1]")
CLIENTS = "ETCD_LISTEN_CLIENT_URLS"


@BOOK.rule(
    "etcd-members", "error", "etcd does not survive a host",
    why="etcd needs more than half of its members. With one or two of them any loss is the end; without etcd no standby becomes the leader.",
    remedy="run three members on three hosts, or five")
def members(etcd):
    if len(etcd.members) < 3:
        yield "it has %d members" % len(etcd.members)


@BOOK.rule(
    "etcd-even", "warning", "A member that helps nobody",
    why="Four members survive no more losses than three, and there is one more that may be lost.", remedy="add a member, or take one away")
def even(etcd):
    if len(etcd.members) > 2 and len(etcd.members) % 2 == 0:
        yield "it has %d members" % len(etcd.members)


@BOOK.rule(
    "etcd-election", "error", "Elections without a reason",
    why="A member calls an election when it has not heard of its leader for the election timeout. That must be several heartbeats, or each busy moment "
        "costs one, and Patroni waits meanwhile.",
    remedy="set the election timeout to ten times the heartbeat interval")
def election(etcd):
    beat, timeout = (float(etcd.setting(name, default)) for name, default in (("ETCD_HEARTBEAT_INTERVAL", 100), ("ETCD_ELECTION_TIMEOUT", 1000)))
    if timeout < 8 * beat:
        yield "the election timeout is %g ms, and the heartbeat interval %g ms" % (timeout, beat)


@BOOK.rule(
    "etcd-compaction", "warning", "etcd grows until it stops",
    why="Patroni writes every few seconds, and etcd keeps all old values. At its quota it takes no more writes, and no leader can keep its lease.",
    remedy="set auto-compaction-mode periodic and auto-compaction-retention 1h")
def compaction(etcd):
    if etcd.setting("ETCD_AUTO_COMPACTION_RETENTION", "0") in ("0", ""):
        yield "nothing compacts it"


@BOOK.rule(
    "etcd-plain", "warning", "Anybody may make himself the leader",
    why="Who can write to etcd decides who leads PostgreSQL. Over http:// everybody can who reaches the port.",
    remedy="listen at https:// and ask clients for certificates")
def plain(etcd):
    open_urls = [url for url in etcd.urls(CLIENTS) if url.startswith("http://") and not url.startswith(LOCAL)]
    if open_urls:
        yield "%s has %s" % (CLIENTS, ", ".join(open_urls))


@BOOK.rule(
    "etcd-no-client-certificate", "warning", "Who writes to etcd is not asked who he is",
    why="TLS alone keeps strangers from reading along, and not from writing.",
    remedy="set client-cert-auth with trusted-ca-file, or switch etcd's authentication on")
def client_certificate(etcd):
    if any(url.startswith("https://") for url in etcd.urls(CLIENTS)) and etcd.setting("ETCD_CLIENT_CERT_AUTH", "false") != "true":
        yield "client-cert-auth is off"


@BOOK.rule(
    "etcd-temporary", "error", "etcd's data lie where they are cleared away",
    why="A member that comes back without its data breaks the promises that it has made to the others.", remedy="set the data directory to one that stays")
def temporary(etcd):
    path = etcd.setting("ETCD_DATA_DIR", "")
    if is_temporary(path):
        yield "its data directory is %s" % path
