# SPDX-License-Identifier: GPL-3.0-or-later
"""Members find each other by their names after somebody else wrote /etc/hosts, as cloud-init does at each boot."""

from __future__ import annotations

OF_CLOUD_INIT = "127.0.1.1 {name}.example.org {name}\n127.0.0.1 localhost\n::1 localhost ip6-localhost\n"


def resolved(host, names):
    return {name: sorted(set(host.check_output("getent ahosts %s | cut -d' ' -f1", name).split())) for name in names}


def test_names_come_back_by_themselves(host, addresses, eventually):
    name = host.check_output("hostname")
    wanted = {each: [address] for each, address in addresses.items()}
    before = host.check_output("cat /etc/hosts")
    try:
        host.run_expect([0], "printf %s > /etc/hosts", OF_CLOUD_INIT.format(name=name))
        assert eventually(lambda: resolved(host, addresses) == wanted)
        assert resolved(host, [f"{name}.example.org"]) == {f"{name}.example.org": [addresses[name]]}
    finally:
        host.run_expect([0], "printf '%%s\\n' %s > /etc/hosts", before)


def test_the_names_are_there_after_a_boot(host):
    assert host.service("steady-airflow-names.service").is_enabled
    assert host.service("steady-airflow-names.path").is_enabled
