# SPDX-License-Identifier: GPL-3.0-or-later
"""What the units of Redis and of its Sentinel do beside them.

redis_member.py place                    before Redis starts: wait until most Sentinels name the same master, and write down whom to follow
redis_member.py reload                   let the Redis that runs take over changed accounts and certificates
redis_member.py watch SETTINGS STATE     before a Sentinel starts: settings as they are now, and what it found out before
"""

import json
import os
import re
import sys
import time

import redis

ACCESS = "/etc/redis/access.json"
KNOWN = "/run/redis/known.json"  # what the Redis that runs knows its operator by
PLACE = "/run/redis/place.conf"
DATA = "/var/lib/redis/appendonlydir"
FORMER = "/var/lib/redis/former.conf"  # accounts whose place others took, and that somebody still uses
SECONDS = 2
FOUND_OUT = re.compile(r"sentinel (myid|current-epoch|config-epoch|leader-epoch|known-replica|known-slave|known-sentinel) ")
MONITOR = re.compile(r"sentinel monitor (\S+) (\S+) (\d+) (\d+)")


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(path, text):
    """Whole, or not at all; for its owner only."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
    os.replace(path + ".new", path)


def client(access, address, port, who="member"):
    return redis.Redis(host=address, port=port, ssl=True, ssl_ca_certs=access["ca_file"], socket_timeout=SECONDS, socket_connect_timeout=SECONDS,
                       decode_responses=True, **access[who])


def named(access, address):
    """Whom the Sentinel there names as master, or why it does not."""
    try:
        return client(access, address, access["watch_port"]).sentinel_get_master_addr_by_name(access["master_name"])[0]
    except (redis.RedisError, OSError, TypeError) as error:
        return "(%s)" % type(error).__name__


def master(access, answers):
    """Whom most Sentinels name, or None."""
    return next((one for one in access["members"] if list(answers.values()).count(one) * 2 > len(access["members"])), None)


def has_messages(access, address):
    try:
        return client(access, address, access["port"]).dbsize() > 0
    except (redis.RedisError, OSError):
        return False


def would_wipe(access):
    """Whether others have what this one, whose data is gone, would take from them as their master. The Sentinels then choose one of those."""
    others = [address for address in access["members"] if address != access["address"]]
    return not os.path.isdir(DATA) and any(has_messages(access, address) for address in others)


def place():
    access, said = read(ACCESS), None
    while True:
        answers = {address: named(access, address) for address in access["members"]}
        leads = master(access, answers)
        waits = "for most Sentinels to name the same master: %s" % answers if leads is None else ""
        if leads == access["address"] and would_wipe(access):
            waits = "for the Sentinels to name another master: this one's data is gone, and others have theirs"
        if not waits:
            break
        if waits != said:
            print("waiting", waits, flush=True)
            said = waits
        time.sleep(1)
    follows = "" if leads == access["address"] else "replicaof %s %s\n" % (leads, access["port"])
    write(PLACE, "masterauth %s\n%s" % (access["member"]["password"], follows))
    write(KNOWN, json.dumps(access))
    keep(accounts(FORMER), accounts(access["accounts_file"]))
    print("master is", leads, flush=True)


def accounts(path):
    """{name: [rule, ...]} of a file of lines such as: user NAME RULE ...; of none where there is no file."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return {words[1]: words[2:] for words in map(str.split, file) if words}


def keep(former, wanted):
    write(FORMER, "".join("user %s %s\n" % (name, " ".join(rules)) for name, rules in sorted(former.items()) if name not in wanted))


def is_former(name, wanted):
    """Whether another account took its place, as docs/security.md says."""
    return name not in wanted and re.match("airflow(_|$)", name)


def reload():
    """Who is logged in stays so."""
    access = read(ACCESS)
    running = client(read(KNOWN), access["address"], access["port"], "operator")
    running.config_set("masterauth", access["member"]["password"])
    running.execute_command("CONFIG SET", "tls-ca-cert-file", access["ca_file"], "tls-cert-file", access["certificate_file"],
                            "tls-key-file", access["key_file"])
    wanted = accounts(access["accounts_file"])
    for name, rules in wanted.items():
        running.execute_command("ACL SETUSER", name, "reset", *rules)
    write(KNOWN, json.dumps(access))
    used = {each.get("user") for each in running.client_list()}
    former = {line.split()[1]: line.split()[2:] for line in running.acl_list() if is_former(line.split()[1], wanted)}
    for name in former.keys() - used:
        running.acl_deluser(name)
        print("nobody is", name, "any more", flush=True)
    keep({name: rules for name, rules in former.items() if name in used}, wanted)


def merged(settings, state, members):
    """A Sentinel's settings with what it had found out about those who are still members."""
    kept = [line for line in state.splitlines() if FOUND_OUT.match(line) and (" known-" not in line or set(line.split()) & set(members))]
    before = MONITOR.search(state)
    if before and before[2] in members:
        settings = MONITOR.sub(lambda now: "sentinel monitor %s %s %s %s" % (now[1], before[2], now[3], now[4]), settings)
    return settings.rstrip("\n") + "\n" + "".join(line + "\n" for line in kept)


def watch(settings, state):
    text = ""
    if os.path.exists(state):
        with open(state, encoding="utf-8") as file:
            text = file.read()
    with open(settings, encoding="utf-8") as file:
        write(state, merged(file.read(), text, read(ACCESS)["members"]))


if __name__ == "__main__":
    {"place": place, "reload": reload, "watch": watch}[sys.argv[1]](*sys.argv[2:])
