# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._host.services import reach


def test_one_that_listens_is_reached_and_one_that_does_not_is_told():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        where = "127.0.0.1:%d" % listener.getsockname()[1]
        assert reach([where], 1.0) == {where: ""}
    assert "refused" in reach([where], 1.0)[where]


@pytest.mark.parametrize("address", ["nowhere.invalid:5432", "127.0.0.1:port", "%s.example.org:5432" % ("x" * 300)])
def test_what_cannot_be_an_address_is_told(address):
    assert reach([address], 1.0)[address]


def test_an_ipv6_address_stands_in_brackets():
    asked = []

    def connect(address, timeout):
        asked.append((address, timeout))
        raise TimeoutError("timed out")

    assert reach(["[2001:db8::1]:5671"], 2.0, connect) == {"[2001:db8::1]:5671": "timed out"}
    assert asked == [(("2001:db8::1", 5671), 2.0)]
