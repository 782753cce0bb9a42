# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that all writers share."""
from __future__ import annotations

import base64

import yaml

from ansible_collections.steady.airflow.plugins.doc_fragments.writer import ModuleDocFragment
from ansible_collections.steady.airflow.plugins.module_utils import _writer
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.tests.unit.recordings import members

PARAMS = {"members": members(2), "port": 8008, "username": "patroni", "password": "x", "timeout": 5, "use_tls": False,
          "ca_path": None, "client_cert": None, "client_key": None}


def test_every_option_is_documented():
    documented = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    spec = _writer.argument_spec()
    assert set(spec) == set(documented)
    assert {name: one.get("default") for name, one in spec.items()} == {
        name: one.get("default") for name, one in documented.items()}
    assert {name: one["type"] for name, one in spec.items()} == {name: one["type"] for name, one in documented.items()}
    assert spec["password"]["no_log"]


def test_a_module_adds_its_own():
    assert _writer.argument_spec(member={"type": "str"})["member"] == {"type": "str"}


def test_members_are_found_by_name():
    assert _writer.urls(PARAMS) == {"node1": "http://127.0.0.11:8008", "node2": "http://127.0.0.12:8008"}
    assert _writer.urls(dict(PARAMS, use_tls=True))["node1"] == "https://127.0.0.11:8008"


def test_the_client_may_write():
    client = _writer.client(PARAMS)
    assert client.timeout == 5
    assert base64.b64decode(client.headers["Authorization"].split()[1]) == b"patroni:x"
    assert "Authorization" not in _writer.client(dict(PARAMS, username=None)).headers


def test_tls_verifies_against_the_given_authority(tmp_path):
    try:
        _writer.client(dict(PARAMS, use_tls=True, ca_path=str(tmp_path / "none.pem")))
    except BadOption as error:
        assert "none.pem cannot be used" in str(error)
    else:
        raise AssertionError("a missing authority was accepted")
