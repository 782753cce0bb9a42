# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the clients of the tiers make of answers that no recording holds."""
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._clients import patroni
from ansible_collections.steady.airflow.plugins.module_utils._clients.airflow import ApiServer
from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import HttpClient
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer
from ansible_collections.steady.airflow.tests.unit.recordings import Replay

URL = "http://192.0.2.11"


def client(**answers):
    return HttpClient(Replay({"GET %s%s" % (URL, path): answer for path, answer in answers.items()}), timeout=3)


@pytest.mark.parametrize("body", [[], {"message": "hello"}])
def test_something_else_than_patroni_is_no_answer(body):
    with pytest.raises(BadAnswer, match="is not answered by Patroni"):
        patroni.ask(client(**{"/patroni": {"status": 200, "body": body}}), URL)


def test_patroni_without_postgresql_answers_as_well():
    body = {"state": "stopped", "patroni": {"scope": "airflow"}}
    assert patroni.ask(client(**{"/patroni": {"status": 503, "body": body}}), URL)["patroni"] == body


def test_an_api_server_whose_database_hangs_still_tells_its_version():
    version = {"status": 200, "body": {"version": "3.3.2"}}
    answer = ApiServer.ask(client(**{"/api/v2/version": version, "/api/v2/monitor/health": {"failure": "timed out"}}), URL)
    assert answer["version"] == {"version": "3.3.2"}
    assert answer["health"]["error"].endswith("/api/v2/monitor/health: timed out after 3 s")


def test_a_page_in_the_place_of_the_tasks_api_is_not_it():
    """The UI answers at every path that it does not know."""
    version = {"status": 200, "body": {"version": "3.3.2"}}
    answer = ApiServer.ask(client(**{"/api/v2/version": version, "/execution/health": {"status": 200, "text": "<!doctype html>"}}), URL)
    assert answer["execution"]["error"].endswith("/execution/health answered status 200 without JSON")
