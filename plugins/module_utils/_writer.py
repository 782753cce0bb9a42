# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what the modules that write through Patroni's API share."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import (
    HttpClient,
    base_url,
    opener_for,
    tls_options,
)


def argument_spec(**more):
    """The options of the doc fragment C(writer), and what else the module needs."""
    spec = dict(
        members=dict(type="list", elements="dict", required=True),
        port=dict(type="int", default=8008),
        username=dict(type="str"),
        password=dict(type="str", no_log=True),
        timeout=dict(type="float", default=5),
        wait=dict(type="int", default=60),
        **tls_options(),
    )
    spec.update(more)
    return spec


def client(params):
    """An HTTP client with the rights that the options give."""
    return HttpClient(opener_for(params), params["timeout"], params["username"], params["password"])


def urls(params):
    """Where each member listens: {name: url}, in the order given."""
    return {one["name"]: base_url(one["address"], params["port"], params["use_tls"]) for one in params["members"]}
