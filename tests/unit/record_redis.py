# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record what real Redises and Sentinels answer, for tests: record_redis.py ABOUT NAME=ADDRESS... >fixtures/redis_sentinel/CASE.json

They are asked over TLS at their usual ports. Only reads. The authority's file, user and password come from the environment (REDIS_CA, REDIS_USER,
REDIS_PASSWORD). Run it where redis-py and ansible_collections.steady.airflow can be imported.
"""
from __future__ import annotations

import os
import sys

from ansible_collections.steady.airflow.plugins.module_utils._clients import redis_sentinel
from ansible_collections.steady.airflow.plugins.modules.redis_sentinel_info import look
from ansible_collections.steady.airflow.plugins.module_utils._observer import Observer
from ansible_collections.steady.airflow.tests.unit.record import recording
from ansible_collections.steady.airflow.tests.unit.redis_play import Recorder

PARAMS = {"port": 6379, "sentinel_port": 26379, "master_name": "airflow", "timeout": 3, "use_tls": True, "client_cert": None, "client_key": None}


def main(about, *members):
    """Ask the members as the observer does and print the recording."""
    redis_sentinel.redis = recorder = Recorder(redis_sentinel.redis)
    places = [dict(zip(("name", "address"), member.split("="))) for member in members]
    login = {"ca_path": os.environ["REDIS_CA"], "username": os.environ.get("REDIS_USER", "operator"), "password": os.environ["REDIS_PASSWORD"]}
    report = look(Observer(dict(PARAMS, members=places, **login)))
    print(recording(about, recorder.answers))
    for problem in report["problems"]:
        print(problem, file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
