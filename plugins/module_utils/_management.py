# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what the modules share that use RabbitMQ's management API on their host."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import HttpClient, base_url, direct_opener


def argument_spec(**more):
    """The options of the doc fragment C(management), and what else the module needs."""
    return dict(
        more,
        address=dict(type="str", default="127.0.0.1"),
        port=dict(type="int", default=15672),
        username=dict(type="str", required=True),
        password=dict(type="str", required=True, no_log=True),
        timeout=dict(type="float", default=5),
    )


def client(params):
    """``(HTTP client with the rights that the options give, URL of the API)``."""
    http = HttpClient(direct_opener(), params["timeout"], params["username"], params["password"])
    return http, base_url(params["address"], params["port"]) + "/api"
