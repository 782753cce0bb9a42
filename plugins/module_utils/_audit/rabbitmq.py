# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what RabbitMQ is told and keeps, by its files. Nobody asks the broker: its command line takes seconds to start."""

from __future__ import annotations

import re

DIRECTORY = "/etc/rabbitmq"
PROGRAMS = "/usr/lib/rabbitmq/lib"
DATA = "/var/lib/rabbitmq/mnesia"  # one directory for each name that this member has had
QUORUM = re.compile(r"queue_resource\s*=>\s*\{resource,\s*<<\"(.*?)\">>,\s*queue,\s*<<\"(.*?)\">>\}")
CLASSIC = re.compile(r"VHOST: (.*)\nQUEUE: (.*)\n")
SETTING = re.compile(r"^\s*([A-Za-z0-9_.$*-]+)\s*=\s*(.*?)\s*$")
SECRET = re.compile(r"pass|secret|cookie|encryption")
HIDDEN = "(hidden)"


def look(files, found):
    """{settings, plugins, feature_flags, version, queues, problem, inside}, or None where none runs. settings: {key: value} of rabbitmq.conf and conf.d."""
    service = next((each for each in found if each["kind"] == "rabbitmq"), None)
    if service is None:
        return None
    files = files.inside(service)
    paths = [DIRECTORY + "/rabbitmq.conf"] + ["%s/conf.d/%s" % (DIRECTORY, name) for name in files.names(DIRECTORY + "/conf.d") if name.endswith(".conf")]
    problem, settings = "", {}
    for path in paths:
        if files.is_hidden(path):
            problem = "%s may not be read" % path
        settings.update(told(files.lines(path)))
    flags = [line for line in files.lines(DIRECTORY + "/rabbitmq-env.conf") if line.startswith(("FEATURE_FLAGS", "RABBITMQ_FEATURE_FLAGS"))]
    versions = [name.partition("-")[2] for name in files.names(PROGRAMS) if name.startswith("rabbitmq_server-")]
    return {"settings": settings, "plugins": re.findall(r"\w+", files.text(DIRECTORY + "/enabled_plugins")),
            "feature_flags": re.findall(r"\w[\w.]*", ",".join(flags).replace("FEATURE_FLAGS", "")),
            "version": versions[0] if len(versions) == 1 else "", "queues": queues(files), "problem": problem,
            "inside": bool(service["container"])}


def queues(files):
    """[{vhost, name, type}] of which this member keeps messages; None where nobody may look."""
    members, found = files.names(DATA), []
    for member in members:
        at = "%s/%s" % (DATA, member)
        quorum = ["%s/quorum/%s/%s/config" % (at, member, each) for each in files.names("%s/quorum/%s" % (at, member))]
        classic = ["%s/msg_stores/vhosts/%s/queues/%s/.queue_name" % (at, vhost, each) for vhost in files.names(at + "/msg_stores/vhosts")
                   for each in files.names("%s/msg_stores/vhosts/%s/queues" % (at, vhost))]
        for kind, pattern, paths in (("quorum", QUORUM, quorum), ("classic", CLASSIC, classic)):
            matches = filter(None, (pattern.search(files.text(path)) for path in paths))
            found += [{"vhost": match[1], "name": match[2], "type": kind} for match in matches]
    return found if members else None


def told(lines):
    """{key: value} of lines of rabbitmq.conf."""
    found = {}
    for line in lines:
        match = SETTING.match(line) if not line.lstrip().startswith("#") else None
        if match:
            found[match[1]] = HIDDEN if SECRET.search(match[1]) else match[2]
    return found
