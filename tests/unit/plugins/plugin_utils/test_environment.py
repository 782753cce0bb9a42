# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment files say what was meant; make hostile compares it with what systemd made of it."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils import _environment

INSIDE = ["localhost", "192.0.2.11", "node1"]


@pytest.mark.parametrize("value, written", [
    ("plain", "plain"), (8080, "8080"), ('say "hi"', 'say \\"hi\\"'), ("C:\\temp", "C:\\\\temp"), ("$HOME `id`", "\\$HOME \\`id\\`"),
    ("größe # 'x'", "größe # 'x'"), ("one\ntwo", "one\ntwo"), ("", ""),
])
def test_values_are_quoted_as_systemd_reads_them(value, written):
    assert _environment.lines({"B": "last", "A": value}) == 'A="%s"\nB="last"\n' % written


@pytest.mark.parametrize("given, excepted", [
    ({}, "localhost,192.0.2.11,node1"),
    ({"HTTPS_PROXY": "http://192.0.2.1:3128"}, "localhost,192.0.2.11,node1"),
    ({"NO_PROXY": "example.org, node1"}, "localhost,192.0.2.11,node1,example.org"),
    ({"no_proxy": "a", "NO_PROXY": "b"}, "localhost,192.0.2.11,node1,b,a"),
    ({"no_proxy": "*"}, "localhost,192.0.2.11,node1,*"),
])
def test_the_cluster_is_called_without_a_proxy(given, excepted):
    assert _environment.direct(given, INSIDE) == {**given, "NO_PROXY": excepted, "no_proxy": excepted}
