# SPDX-License-Identifier: GPL-3.0-or-later
"""What the units of Redis and of its Sentinel do beside them.

redis_member.py place                    before Redis starts: wait until most Sentinels name the same master, and write down whom to follow
redis_member.py reload                   let the Redis that runs take over changed accounts and certificates
redis_member.py retire                   delete accounts whose place others took, when nobody uses them at any member
redis_member.py watch SETTINGS STATE     before a Sentinel starts: settings as they are now, and what it found out before
"""

import concurrent.futures
import json
import os
import re
import shutil
import sys
import time

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

ACCESS = "/etc/redis/access.json"
KNOWN = "/run/redis/known.json"  # what the Redis that runs knows its operator by
PLACE = "/run/redis/place.conf"
DATA = "/var/lib/redis/appendonlydir"
FORMER = "/var/lib/redis/former.conf"  # accounts whose place others took, and that somebody may still use
SECONDS = 2
ACCOUNT = re.compile(r"user (\S+) ")
FOUND_OUT = re.compile(r"sentinel (myid|current-epoch|config-epoch|leader-epoch|known-replica|known-slave|known-sentinel) ")
MONITOR = re.compile(r"sentinel monitor (\S+) (\S+) (\d+) (\d+)")


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(path, text):
    """Whole, or not at all; for Redis alone."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        if os.geteuid() == 0:  # a playbook, and no unit
            shutil.chown(file.fileno(), "redis", "redis")
        file.write(text)
    os.replace(path + ".new", path)


def client(access, address, port, who="member"):
    return redis.Redis(host=address, port=port, ssl=True, ssl_ca_certs=access["ca_file"], socket_timeout=SECONDS, socket_connect_timeout=SECONDS,
                       decode_responses=True, retry=Retry(NoBackoff(), 0), **access[who])


def of_all(ask, addresses):
    """{address: what it answers}, all asked at the same time."""
    with concurrent.futures.ThreadPoolExecutor(len(addresses) or 1) as pool:
        return dict(zip(addresses, pool.map(ask, addresses)))


def named(access, address):
    """Whom the Sentinel there names as master, or why it does not."""
    try:
        return client(access, address, access["watch_port"]).sentinel_get_master_addr_by_name(access["master_name"])[0]
    except (redis.RedisError, OSError, TypeError) as error:
        return "(%s)" % type(error).__name__


def master(access, answers):
    """Whom most Sentinels name, or None."""
    return next((one for one in access["members"] if list(answers.values()).count(one) * 2 > len(access["members"])), None)


def messages(access, address):
    """How many keys it has, or None where it does not say."""
    try:
        return client(access, address, access["port"]).dbsize()
    except (redis.RedisError, OSError):
        return None


def has_replicas(access, address):
    """Whether the Sentinel there has ever known any: at a first start there are none."""
    try:
        return bool(client(access, address, access["watch_port"]).sentinel_slaves(access["master_name"]))
    except (redis.RedisError, OSError):
        return False


def would_wipe(access):
    """Whether others have, or may have, what this one, whose data is gone, would take from them as their master."""
    if os.path.isdir(DATA) or not any(of_all(lambda address: has_replicas(access, address), access["members"]).values()):
        return False
    others = [address for address in access["members"] if address != access["address"]]
    return any(count != 0 for count in of_all(lambda address: messages(access, address), others).values())


def place():
    access, said = read(ACCESS), None
    while True:
        answers = of_all(lambda address: named(access, address), access["members"])
        leads = master(access, answers)
        waits = "for most Sentinels to name the same master: %s" % answers if leads is None else ""
        if leads == access["address"] and would_wipe(access):
            waits = "for the Sentinels to name another master: this one's data is gone, and others have theirs"
        if not waits:
            break
        if waits != said:
            print("waiting", waits, flush=True)
            said = waits
        time.sleep(1)  # the interval of a poll: nobody announces that most Sentinels have come to name the same master
    follows = "" if leads == access["address"] else "replicaof %s %s\n" % (leads, access["port"])
    write(PLACE, "masterauth %s\n%s" % (json.dumps(access["member"]["password"]), follows))  # quoted and escaped as Redis reads it
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


def running(access):
    """A client of the Redis that runs here, which may know its operator by what was so at its start; None where no unit of ours has started it."""
    if not os.path.exists(KNOWN):
        return None
    known = read(KNOWN)
    for each in (known, dict(known, operator=access["operator"])):  # the last reload may have ended in the middle
        found = client(each, each["address"], each["port"], "operator")
        try:
            found.ping()
        except redis.AuthenticationError as error:
            refusal = error
        else:
            return found
    raise refusal


def reload():
    """Who is logged in stays so, and may come again until nobody uses that account any more."""
    access = read(ACCESS)
    here = running(access)
    if here is None:
        print("nothing to reload: this Redis was not started by this unit", flush=True)
        return
    wanted = accounts(access["accounts_file"])
    here.config_set("masterauth", access["member"]["password"])
    here.execute_command("CONFIG SET", "tls-ca-cert-file", access["ca_file"], "tls-cert-file", access["certificate_file"],
                         "tls-key-file", access["key_file"])
    keep({line.split()[1]: line.split()[2:] for line in here.acl_list() if is_former(line.split()[1], wanted)}, wanted)
    for name, rules in wanted.items():
        here.execute_command("ACL SETUSER", name, "reset", *rules)
    write(KNOWN, json.dumps(dict(read(KNOWN), member=access["member"], operator=access["operator"])))


def users(access, address):
    """Names of those who are logged in there, or None where it does not say."""
    try:
        return {each.get("user") for each in client(access, address, access["port"], "operator").client_list()}
    except (redis.RedisError, OSError):
        return None


def retire():
    """Prints the names of those that are gone and, behind a colon, of those that may still be used."""
    access = read(ACCESS)
    former, seen = accounts(FORMER), of_all(lambda address: users(access, address), access["members"])
    used = set(former) if None in seen.values() else set(former) & set().union(*seen.values())
    for port in (access["port"], access["watch_port"]):
        for name in sorted(set(former) - used):
            client(access, access["address"], port, "operator").acl_deluser(name)
    keep({name: rules for name, rules in former.items() if name in used}, ())
    print("%s: %s" % (" ".join(sorted(set(former) - used)), " ".join(sorted(used))))


def merged(settings, state, members, former):
    """A Sentinel's settings with what it had found out about those who are still members, and accounts that somebody may still use."""
    kept = [line for line in state.splitlines() if FOUND_OUT.match(line) and (" known-" not in line or set(line.split()) & set(members))]
    wanted = {match[1] for match in map(ACCOUNT.match, settings.splitlines()) if match}
    kept += [line for line in state.splitlines() if ACCOUNT.match(line) and ACCOUNT.match(line)[1] in set(former) - wanted]
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
        write(state, merged(file.read(), text, read(ACCESS)["members"], accounts(FORMER)))


if __name__ == "__main__":
    {"place": place, "reload": reload, "retire": retire, "watch": watch}[sys.argv[1]](*sys.argv[2:])
