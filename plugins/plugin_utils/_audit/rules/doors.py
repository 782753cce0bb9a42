# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: the door to each tier, and what it does with a member that is not what a client needs."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.haproxy import AIRFLOW, BROKER, DATABASE, ROLE_PATHS, STANDBY_PATHS
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.keepalived import addresses
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book

BOOK = Book("load_balancers")
LOCAL = ("127.", "localhost:", "[::1]", "::1", "unix@", "/")
SLOWEST_CHECK = 10  # s until a dead member is passed over
SHORTEST_SESSION = 300  # s
CHECK_INTERVAL, CHECK_FALL = 2, 3  # HAProxy's own


def writers(haproxy):
    """Database proxies for those who write, with more than one server to choose from."""
    return [proxy for proxy in haproxy.serving(DATABASE) if not STANDBY_PATHS.search(proxy.check) and len(proxy.servers) > 1]


@BOOK.rule(
    "haproxy-database-role", "error", "Writes go to standbys",
    why="A standby answers at its port as the leader does. Only Patroni knows who leads, and answers 200 at /primary there and nowhere else.",
    remedy="check with `option httpchk OPTIONS /primary`, `http-check expect status 200` and `port 8008` at each server")
def database_role(haproxy):
    for proxy in writers(haproxy):
        if not ROLE_PATHS.search(proxy.check):
            yield "%s %s asks no server whether it leads" % (proxy.kind, proxy.name)


@BOOK.rule(
    "haproxy-database-sessions", "error", "Sessions stay with a former leader",
    why="A session that was open when its server stopped leading goes on there. It reads what is old, and its writes are refused or lost.",
    remedy="add `on-marked-down shutdown-sessions` to the servers or their default-server")
def database_sessions(haproxy):
    for proxy in writers(haproxy):
        if any(server.value("on-marked-down") != "shutdown-sessions" for server in proxy.servers):
            yield "%s %s keeps sessions of a server that is down" % (proxy.kind, proxy.name)


@BOOK.rule(
    "haproxy-database-start", "note", "Right after its start HAProxy takes each member for the leader",
    why="A server counts as up until its first check, so for about a second after a start or reload writes may come to a standby, and are refused.",
    remedy="in the frontend, `tcp-request inspect-delay 500ms`, `tcp-request content accept if { nbsrv(BACKEND) le 1 }` and "
           "`tcp-request content reject if WAIT_END { nbsrv(BACKEND) gt 1 }`, with the database's sections before all others")
def database_start(haproxy):
    for proxy in writers(haproxy):
        lines = [" ".join(line) for front in haproxy.before(proxy) for line in front.lines]
        if not any("nbsrv(%s) gt 1" % proxy.name in line for line in lines) and not any(server.value("init-state") for server in proxy.servers):
            yield "%s %s lets in who comes before the first checks" % (proxy.kind, proxy.name)


@BOOK.rule(
    "haproxy-unchecked", "error", "Clients are sent to dead members",
    why="Without a check a server is never passed over, and every so many clients meet one that is dead.", remedy="add `check` to each server")
def unchecked(haproxy):
    for proxy in haproxy.serving(DATABASE, BROKER, AIRFLOW):
        bad = [server.name for server in proxy.servers if not server.has("check")]
        if bad and len(proxy.servers) > 1:
            yield "%s %s does not check %s" % (proxy.kind, proxy.name, ", ".join(bad))


@BOOK.rule(
    "haproxy-one-server", "warning", "One member behind a door",
    why="When it dies the door leads nowhere.", remedy="name all members, or mute this if the one is a door to several itself")
def one_server(haproxy):
    for proxy in haproxy.serving(DATABASE, BROKER, AIRFLOW):
        if len(proxy.servers) == 1 and not proxy.starting("server-template"):
            yield "%s %s has %s only" % (proxy.kind, proxy.name, proxy.servers[0].name)


@BOOK.rule(
    "haproxy-check-slow", "warning", "A dead leader is kept for long",
    why="Until a server is called down, clients are sent there and wait.",
    remedy="set `inter 1s fastinter 500ms fall 2` at the servers or their default-server")
def check_slow(haproxy):
    for proxy in haproxy.serving(DATABASE):
        for server in proxy.servers:
            inter, fall = server.seconds("inter", CHECK_INTERVAL), int(server.value("fall") or CHECK_FALL)
            longest = inter + (fall - 1) * server.seconds("fastinter", inter)
            if server.has("check") and longest > SLOWEST_CHECK:
                yield "%s %s calls %s down after %g s" % (proxy.kind, proxy.name, server.name, longest)


@BOOK.rule(
    "haproxy-session-timeout", "warning", "Idle sessions are cut",
    why="A worker or a pool may be silent for long. A session that HAProxy has cut is an error for who uses it next.",
    remedy="set `timeout client` and `timeout server` to hours for database and broker, and let keepalives find dead peers")
def session_timeout(haproxy):
    for proxy in haproxy.serving(DATABASE, BROKER):
        short = {"server": proxy.timeout("server"), "client": min((front.timeout("client") or 0 for front in haproxy.before(proxy)), default=None)}
        for side, seconds in short.items():
            if seconds and seconds < SHORTEST_SESSION:
                yield "timeout %s of %s %s is %g s" % (side, proxy.kind, proxy.name, seconds)


@BOOK.rule(
    "haproxy-airflow-body", "warning", "An API server without its database is called healthy",
    why="Airflow's health page answers 200 whatever it says. Only its text tells that this server does not reach the database.",
    remedy="""check with `http-check expect string '"metadatabase":{"status":"healthy"}'`, in single quotes""")
def airflow_body(haproxy):
    for proxy in haproxy.serving(AIRFLOW):
        if "health" in proxy.check and "/execution/health" not in proxy.check and not any(
                words[:1] in (["string"], ["rstring"]) for words in proxy.starting("http-check", "expect")):
            yield "%s %s expects no text" % (proxy.kind, proxy.name)


@BOOK.rule(
    "haproxy-statistics-open", "warning", "Everybody may read HAProxy's statistics",
    why="They tell all addresses behind it, and who is down.", remedy="bind them to 127.0.0.1, or set `stats auth`")
def statistics_open(haproxy):
    for proxy in haproxy.proxies:
        if [words for words in proxy.own if words[:1] == ["stats"] and words[1:2] in (["enable"], ["uri"])] and not guarded(proxy):
            yield "%s %s shows statistics at %s" % (proxy.kind, proxy.name, ", ".join(words[0] for words in proxy.starting("bind") if words))


def guarded(proxy):
    binds = [words for words in proxy.starting("bind") if words]
    return (proxy.has("stats", "auth") or proxy.has("http-request", "auth") or proxy.has("stats", "http-request")
            or all(words[0].startswith(LOCAL) or "verify" in words for words in binds))


@BOOK.rule(
    "keepalived-blind", "error", "The address stays with a host whose load balancer is dead",
    why="keepalived moves the address when its own host dies. Without a check it does not see that nobody answers at the address.",
    remedy="add a vrrp_script that asks HAProxy, and track_script")
def blind(keepalived):
    for instance in keepalived.instances:
        if not any(instance.find(kind) for kind in ("track_script", "track_process", "track_file")):
            yield "vrrp_instance %s tracks nothing" % " ".join(instance.words[1:])


@BOOK.rule(
    "keepalived-preempt", "warning", "The address moves twice",
    why="A host of higher priority that comes back takes the address at once, and all sessions are cut a second time, perhaps before it is ready.",
    remedy="set state BACKUP and nopreempt on all hosts")
def preempt(keepalived):
    for instance in keepalived.instances:
        if instance.value("nopreempt") is None or instance.value("state", "").upper() == "MASTER":
            yield "vrrp_instance %s has %s" % (" ".join(instance.words[1:]),
                                               "no nopreempt" if instance.value("nopreempt") is None else "state MASTER, which nopreempt does not go with")


@BOOK.rule(
    "keepalived-slow", "note", "A dead holder is missed after more than ten seconds",
    why="The others wait for three announcements.", remedy="set advert_int to 1 or less")
def slow(keepalived):
    for instance in keepalived.instances:
        if float(instance.value("advert_int") or 1) > 3:
            yield "advert_int of vrrp_instance %s is %s" % (" ".join(instance.words[1:]), instance.value("advert_int"))


@BOOK.rule(
    "cluster-one-load-balancer", "error", "One load balancer",
    why="When its host dies all doors are closed until somebody repairs it.", remedy="run HAProxy on a second host, and keepalived on both")
def one_load_balancer(cluster):
    hosts = [each.member for each in cluster.all_of("haproxy") if each.serving(DATABASE, BROKER, AIRFLOW)]
    if len(hosts) == 1:
        cluster.complete()
        yield hosts[0], "no other host has these doors"


def holders(cluster):
    """{virtual address: [(host, its vrrp_instance), ...]}"""
    found = {}
    for keepalived in cluster.all_of("keepalived"):
        for instance in keepalived.instances:
            for address in addresses(instance):
                found.setdefault(address, []).append((keepalived.member, instance))
    return found


@BOOK.rule(
    "cluster-vip-parted", "error", "Two hosts may hold the same address",
    why="Only instances with the same virtual_router_id know of each other. With another one each host believes that it is alone, and takes the address.",
    remedy="set the same virtual_router_id for the same address on all hosts")
def vip_parted(cluster):
    for address, found in sorted(holders(cluster).items()):
        routers = {}
        for member, instance in found:
            routers.setdefault(instance.value("virtual_router_id"), []).append(member)
        if len(routers) > 1:
            yield "%s: %s" % (address, "; ".join("virtual_router_id %s on %s" % (router, ", ".join(members)) for router, members in sorted(routers.items())))


@BOOK.rule(
    "cluster-vip-alone", "warning", "An address that one host alone can hold",
    why="When that host dies nobody takes the address over.", remedy="run keepalived with the same instance on a second host")
def vip_alone(cluster):
    for address, found in sorted(holders(cluster).items()):
        if len(found) == 1:
            cluster.complete()
            yield found[0][0], "no other host would take %s" % address
