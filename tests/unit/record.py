# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record what real members answer, for tests: record.py TOOL ABOUT NAME=ADDRESS... >fixtures/TOOL/CASE.json

TOOL is etcd, patroni, rabbitmq, airflow or scheduler, with :PORT if it is not the usual one. Only reads. RabbitMQ's user and password come from the
environment (RABBITMQ_USER, RABBITMQ_PASSWORD). Run it where ansible_collections.steady.airflow can be imported.
"""
from __future__ import annotations

import importlib.util
import json
import os
import pathlib
import sys

from ansible_collections.steady.airflow.plugins.module_utils._clients import airflow, etcd, patroni, rabbitmq
from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import HttpClient, base_url, direct_opener
from ansible_collections.steady.airflow.plugins.module_utils._observer import ask_each

TOOLS = {
    "etcd": (etcd, 2379),
    "patroni": (patroni, 8008),
    "rabbitmq": (rabbitmq, 15672),
    "airflow": (airflow.ApiServer, 8080),
    "scheduler": (airflow.Scheduler, 8974),
}
TIMEOUT = 3


def neighbour(name):
    """A module beside this file, wherever this file is run from."""
    spec = importlib.util.spec_from_file_location(name, pathlib.Path(__file__).with_name(name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def recording(about, answers):
    """The text of a recording, one answer a line."""
    lines = ["  %s: %s" % (json.dumps(key), json.dumps(answers[key], sort_keys=True)) for key in sorted(answers)]
    return '{\n "about": %s,\n "answers": {\n%s\n }\n}' % (json.dumps(about), ",\n".join(lines))


def main(tool, about, *members):
    """Ask the members as the observers do and print the recording."""
    client, port = TOOLS[tool.split(":")[0]]
    port = int((tool.split(":") + [port])[1])
    recorder = neighbour("recordings").Recorder(direct_opener())
    http = HttpClient(recorder, TIMEOUT, os.environ.get("RABBITMQ_USER"), os.environ.get("RABBITMQ_PASSWORD"))
    places = [dict(zip(("name", "address"), member.split("="))) for member in members]
    answers = ask_each(places, lambda place: client.ask(http, base_url(place["address"], port)), TIMEOUT * 5)
    print(recording(about, recorder.answers))
    for name, answer in answers.items():
        print(name, answer.get("error", "answers"), file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
