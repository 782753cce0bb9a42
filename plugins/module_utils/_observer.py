# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what all observer modules share. Options, asking members at once, waiting."""
from __future__ import annotations

import threading
import time

from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import (
    HttpClient,
    base_url,
    opener_for,
    tls_options,
)
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption, SteadyError
from ansible_collections.steady.airflow.plugins.module_utils._observe.report import excuse

POLL_SECONDS = 1


def argument_spec(port, **more):
    """The options of the doc fragment C(observer), with this tier's port and what else it needs."""
    spec = dict(
        # No sub-options: members come from the topology with keys an observer does not care about.
        members=dict(type="list", elements="dict", required=True),
        expected=dict(type="list", elements="str"),
        port=dict(type="int", default=port),
        timeout=dict(type="float", default=3),
        wait=dict(type="int", default=0),
        **tls_options(),
    )
    spec.update(more)
    return spec


def checked_members(members, option="members", may_be_empty=False):
    """The members as [{name, address}], or BadOption that says which entry is wrong."""
    if not members and not may_be_empty:
        raise BadOption("%s is empty: name at least one member as {name, address}" % option)
    names = set()
    for position, member in enumerate(members):
        for key in ("name", "address"):
            if not isinstance(member.get(key), str) or not member[key]:
                raise BadOption("%s[%d] has no %s: %s" % (option, position, key, member))
        if member["name"] in names:
            raise BadOption("%s names %s twice" % (option, member["name"]))
        names.add(member["name"])
    return [{"name": member["name"], "address": member["address"]} for member in members]


def ask_each(members, ask, seconds, clock=time.monotonic):
    """Ask all members at the same time: {name: answer}. A failure is an answer: {"error": why}.

    Threads, so that a dead member costs one timeout and not several in a row. They are daemons with a
    deadline of their own because a name lookup knows no timeout.
    """
    answers = {}

    def run(member):
        try:
            answers[member["name"]] = ask(member)
        except SteadyError as err:
            answers[member["name"]] = {"error": str(err)}

    threads = [threading.Thread(target=run, args=(member,), daemon=True) for member in members]
    for thread in threads:
        thread.start()
    deadline = clock() + seconds
    for thread in threads:
        thread.join(max(0, deadline - clock()))
    silent = {"error": "no answer within %g s" % seconds}
    return {member["name"]: answers.get(member["name"], silent) for member in members}


def look_until_healthy(look, seconds, clock=time.monotonic, sleep=time.sleep):
    """The first healthy report, or the last one when the time is over. Looks at least once."""
    deadline = clock() + seconds
    while True:
        report = look()
        if report["healthy"] or clock() + POLL_SECONDS > deadline:
            return report
        sleep(POLL_SECONDS)


def failure_message(tier, report, seconds, remedy):
    """Why waiting was in vain, in one line: tier, members, problems, remedy."""
    return "%s is not healthy after waiting %d s. Members: %s. Problems: %s. Remedy: %s" % (
        tier,
        seconds,
        ", ".join("%s (%s)" % (member["name"], member["address"]) for member in report["members"]),
        "; ".join(report["problems"]),
        remedy,
    )


class Observer:
    """Joins a module's options with a look at the cluster. Opener, clock and sleep are handed in by tests."""

    def __init__(self, params, opener=None, clock=time.monotonic, sleep=time.sleep):
        if params["timeout"] <= 0:
            raise BadOption("timeout must be more than 0 seconds")
        if params["client_key"] and not params["client_cert"]:
            raise BadOption("client_key needs client_cert")
        self.params = params
        self.members = checked_members(params["members"])
        self.clock = clock
        self.sleep = sleep
        if opener is None:
            opener = opener_for(params)
        self.http = HttpClient(opener, params["timeout"], params.get("username"), params.get("password"))

    def ask(self, client, members=None, port=None, use_tls=None, path=""):
        """What the client's `ask` makes of each member, all asked at once: {name: answer}. path: below which the service is."""
        members = self.members if members is None else members
        port = port or self.params["port"]
        use_tls = self.params["use_tls"] if use_tls is None else use_tls

        def ask(member):
            return client.ask(self.http, base_url(member["address"], port, use_tls) + path)

        # Each of the client's requests is bounded by the timeout; the extra second is for starting the threads.
        return ask_each(members, ask, self.params["timeout"] * client.REQUESTS + 1)

    def wait(self, look):
        """Look until healthy, or until the time given by the user is over."""
        return look_until_healthy(look, self.params["wait"], self.clock, self.sleep)


def run(module, tier, remedy, look):
    """The whole life of an observer module: check options, look, report or fail."""
    try:
        observer = Observer(module.params)
        report = observer.wait(lambda: excuse(look(observer), module.params["expected"]))
    except SteadyError as err:
        module.fail_json(msg=str(err))
    seconds = module.params["wait"]
    if seconds > 0 and not report["healthy"]:
        module.fail_json(msg=failure_message(tier, report, seconds, remedy), changed=False, **report)
    module.exit_json(changed=False, **report)
