# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill.session import Session
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer

LOGIN = ("/auth/token", {"username": "admin", "password": "secret"}, None)


class Client:
    """Answers by path, the first of a list until one is left, as HttpClient does."""

    def __init__(self, **answers):
        self.headers, self.asked = {}, []
        self.answers = {"/auth/token": [(201, {"access_token": "T"})], **answers}

    def ask(self, url, body=None, method=None):
        path = url.removeprefix("https://vip:8080")
        self.asked.append((path, body, self.headers.get("Authorization")))
        answers = self.answers[path]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def text(self, url, body=None, method=None):
        status, answer = self.ask(url, body)
        return status, "%s %s" % (method, answer)


def session(**answers):
    client = Client(**answers)
    return client, Session(client, "https://vip:8080", "admin", "secret")


def test_the_first_request_logs_in_and_the_next_ones_do_not():
    client, airflow = session(**{"/a": [(200, {})]})
    assert airflow.ask("/a") == airflow.ask("/a") == (200, {})
    assert client.asked == [LOGIN, ("/a", None, "Bearer T"), ("/a", None, "Bearer T")]


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_not_taken_any_more_is_replaced(status):
    client, airflow = session(**{"/a": [(status, {}), (200, {"well": True})]})
    client.headers["Authorization"] = "Bearer old"
    assert airflow.ask("/a", {"b": 1}) == (200, {"well": True})
    assert client.asked[0] == ("/a", {"b": 1}, "Bearer old")
    assert client.asked[2] == ("/a", {"b": 1}, "Bearer T")


def test_an_answer_without_json_is_a_text():
    client, airflow = session(**{"/a": [(401, "who?"), (204, "")]})
    assert airflow.text("/a", method="DELETE") == (204, "DELETE ")
    assert client.asked == [LOGIN, ("/a", None, "Bearer T"), LOGIN, ("/a", None, "Bearer T")]


def test_who_is_not_let_in_is_told_why():
    airflow = session(**{"/auth/token": [(401, {"detail": "Invalid credentials"})]})[1]
    with pytest.raises(BadAnswer, match="does not let admin in: status 401: Invalid credentials"):
        airflow.ask("/a")


def test_a_list_is_read_page_by_page():
    pages = {
        "/runs?state=x&limit=500&offset=0": [(200, {"runs": [1, 2], "total_entries": 3})],
        "/runs?state=x&limit=500&offset=2": [(200, {"runs": [3], "total_entries": 3})],
    }
    assert session(**pages)[1].all_of("/runs?state=x", "runs") == [1, 2, 3]
    with pytest.raises(BadAnswer, match="/runs answered status 500: broken"):
        session(**{"/runs?limit=500&offset=0": [(500, {"detail": "broken"})]})[1].all_of("/runs", "runs")
