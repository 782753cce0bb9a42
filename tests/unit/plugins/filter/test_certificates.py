# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.steady.airflow.plugins.filter import certificates, inventory_findings
from ansible_collections.steady.airflow.tests.unit.authorities import IDENTITY, Authority, new_key, text

FILTERS = certificates.FilterModule().filters()


def test_the_filters_have_the_names_of_their_documentation():
    assert sorted(FILTERS) == ["certificate_issuer", "certificate_request_problems", "certificate_unfit", "certificates_due"]


def test_a_foreign_key_is_an_error_of_the_filter():
    ours = Authority()
    assert FILTERS["certificate_issuer"](text(ours.certificate), text(ours.key), 1)["certificate"] == text(ours.certificate)
    with pytest.raises(AnsibleFilterError, match="no certificate"):
        FILTERS["certificate_issuer"](text(ours.certificate), text(new_key()), 1)


def test_the_inventory_is_judged_with_its_authority():
    judge = inventory_findings.FilterModule().filters()["inventory_findings"]
    given = {"certificates": text(Authority().certificate), "key": text(new_key())}
    identities = [each["id"] for each in judge({}, {"ha": False, "authority": given})]
    assert "inventory-authority-key-foreign" in identities


def test_files_of_the_user_are_read_from_the_hosts_directory(tmp_path):
    ours, key = Authority(), new_key()
    (tmp_path / "etcd.crt").write_text(ours.sign(key, names=[]))
    (tmp_path / "patroni.crt").mkdir()
    wanted = [dict(IDENTITY, name=name) for name in ("etcd", "patroni", "rabbitmq")]
    found = FILTERS["certificates_due"](wanted, {}, text(ours.certificate), 30, str(tmp_path))
    assert [each["why"] for each in found] == [
        "its key is missing on the host", "it cannot be read: Is a directory", "there is none, and there is no such file"]
    assert [each["file"] for each in found] == ["%s/%s.crt" % (tmp_path, each["name"]) for each in wanted]
    assert "file" not in FILTERS["certificates_due"](wanted, {}, text(ours.certificate), 30)[0]
