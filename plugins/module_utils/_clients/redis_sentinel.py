# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what Redis and its Sentinel on one member answer, through redis-py 4.3 to 8. I/O only."""
from __future__ import annotations

import os
import traceback

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer, Unreachable
from ansible_collections.steady.airflow.plugins.module_utils._observer import ask_each
from ansible_collections.steady.airflow.plugins.module_utils._topology import host_port

try:
    import redis
    import redis.backoff
    import redis.exceptions
    import redis.retry
    MISSING = None
except ImportError:
    redis = None
    MISSING = traceback.format_exc()

# What is kept of INFO, which has two hundred lines.
KEPT = frozenset((
    "redis_version", "role", "loading", "master_host", "master_port", "master_link_status", "master_link_down_since_seconds",
    "master_sync_in_progress", "master_repl_offset", "slave_repl_offset", "min_slaves_good_slaves", "aof_enabled", "aof_last_write_status",
    "aof_last_bgrewrite_status", "rdb_last_bgsave_status", "used_memory", "mem_not_counted_for_evict", "maxmemory", "sentinel_tilt",
))
# How Redis begins its refusal of a login. Newer versions of redis-py make a class of it and cut it off, older ones do not.
NO_LOGIN = ("WRONGPASS", "NOAUTH")


class Server:
    """A Redis: what it says about itself, and how many replicas it wants for a write."""

    REQUESTS = 4

    @staticmethod
    def ask(line, _master_name):
        """{info, config}; the latter may be {"error": why}. Raises if Redis does not answer or lets nobody in."""
        return {
            "info": fields(line.ask("INFO")),
            "config": _or_error(line, pairs, "CONFIG", "GET", "min-replicas-to-write"),
        }


class Sentinel:
    """A Sentinel: itself, the master, the others of its kind and the replicas as it knows them."""

    REQUESTS = 7

    @staticmethod
    def ask(line, master_name):
        """{info, master, ckquorum, sentinels, replicas}; each may be {"error": why}. Raises if the Sentinel does not answer or lets nobody in."""
        return {
            "info": _or_error(line, fields, "INFO"),
            "master": _or_error(line, pairs, "SENTINEL", "MASTER", master_name),
            "ckquorum": _or_error(line, lambda told: {"told": told}, "SENTINEL", "CKQUORUM", master_name),
            "sentinels": _or_error(line, entries, "SENTINEL", "SENTINELS", master_name),
            "replicas": _or_error(line, entries, "SENTINEL", "REPLICAS", master_name),
        }


def ports(params):
    """Of Redis, and of Sentinel."""
    return params["port"], params["sentinel_port"]


def ask_all(members, params):
    """(what each Redis answers, what each Sentinel does), all asked at the same time: {name: answer}."""
    parts = (Server, Sentinel)

    def ask(place):
        with Line(place["address"], ports(params)[place["part"]], params) as line:
            return parts[place["part"]].ask(line, params["master_name"])

    places = [dict(name=(member["name"], part), part=part, address=member["address"]) for member in members for part in (0, 1)]
    answers = ask_each(places, ask, params["timeout"] * max(part.REQUESTS for part in parts) + 1)
    return tuple({name: answer for (name, asked), answer in answers.items() if asked == part} for part in (0, 1))


def workers(address, params):
    """Addresses of Celery's workers at this Redis: each has a connection that waits for messages, and one that hears what is said to all."""
    with Line(address, params["port"], params) as line:
        clients = [dict(word.split("=", 1) for word in client.split(" ") if "=" in word) for client in line.ask("CLIENT", "LIST").splitlines()]
    return {client["addr"].rsplit(":", 1)[0] for client in clients if set(client["flags"]) & {"b", "P"} and client.get("user") == params["worker_user"]}


def _or_error(line, shape, *words):
    """The answer in this shape. Who refuses one question may answer the next; who is silent is not asked again."""
    try:
        return shape(line.ask(*words))
    except BadAnswer as err:
        return {"error": str(err)}


class Line:
    """One connection, logged in. Used as a context; asks one question after the other."""

    def __init__(self, address, port, params):
        self.where = host_port(address, port)
        self.username = params["username"]
        self.timeout = params["timeout"]
        settings = dict(
            host=address, port=port, username=params["username"], password=params["password"], decode_responses=True, encoding_errors="replace",
            socket_timeout=params["timeout"], socket_connect_timeout=params["timeout"],
            retry=redis.retry.Retry(redis.backoff.NoBackoff(), 0),  # else newer versions try for seconds
        )
        if params["use_tls"]:
            authorities = params["ca_path"]
            settings.update(
                ssl_cert_reqs="required", ssl_check_hostname=True, ssl_certfile=params["client_cert"], ssl_keyfile=params["client_key"])
            settings["ssl_ca_path" if authorities and os.path.isdir(authorities) else "ssl_ca_certs"] = authorities
        self.connection = (redis.SSLConnection if params["use_tls"] else redis.Connection)(**settings)

    def __enter__(self):
        self._do("the login", self.connection.connect)
        return self

    def __exit__(self, *_why):
        self.connection.disconnect()

    def ask(self, *words):
        """The answer as redis-py decodes it. Raises Unreachable, or BadAnswer if it is an error."""

        def ask():
            self.connection.send_command(*words)
            return self.connection.read_response()

        return self._do(" ".join(words), ask)

    def _do(self, title, act):
        kinds = redis.exceptions
        try:
            return act()
        except kinds.BusyLoadingError as err:
            raise BadAnswer("%s still loads its data (LOADING)" % self.where) from err
        except kinds.AuthenticationError as err:
            raise BadAnswer(self._refusal(err)) from err
        except kinds.NoPermissionError as err:
            raise BadAnswer("%s does not let the user %s do %s (NOPERM)" % (self.where, self.username, title)) from err
        except kinds.ResponseError as err:
            if str(err).startswith(NO_LOGIN):
                raise BadAnswer(self._refusal(err)) from err
            raise BadAnswer("%s answers %s with: %s" % (self.where, title, err)) from err
        except (kinds.RedisError, OSError) as err:
            raise Unreachable("no answer from %s: %s" % (self.where, self._why(err))) from err

    def _refusal(self, err):
        return "%s refuses the user %s or its password (%s)" % (self.where, self.username, str(err).rstrip("."))

    def _why(self, err):
        if isinstance(err, (redis.exceptions.TimeoutError, TimeoutError)):
            return "timed out after %g s" % self.timeout
        # Below what redis-py says, which differs by its version, is what the system said.
        cause = err
        while cause is not None:
            if isinstance(cause, OSError) and cause.strerror:
                return cause.strerror
            cause = cause.__cause__ or cause.__context__
        return str(err) or type(err).__name__


def fields(text):
    """What is kept of INFO: {key: text}."""
    lines = [line.split(":", 1) for line in text.splitlines() if ":" in line]
    return {key: value for key, value in lines if key in KEPT}


def pairs(reply):
    """A dictionary, which RESP2 tells as a flat list of keys and values."""
    return reply if isinstance(reply, dict) else dict(zip(reply[::2], reply[1::2]))


def entries(reply):
    """A list of them."""
    return [pairs(entry) for entry in reply]
