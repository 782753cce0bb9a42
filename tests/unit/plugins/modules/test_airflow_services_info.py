# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.modules import airflow_services_info
from ansible_collections.steady.airflow.tests.unit.stage import result_of


def test_only_what_has_a_url_is_asked(monkeypatch, capsys):
    monkeypatch.setattr(airflow_services_info, "sqlalchemy", object())
    monkeypatch.setattr(airflow_services_info._services, "database", lambda library, url: {"asked": "database"})
    monkeypatch.setattr(airflow_services_info._services, "broker", lambda library, *how: {"asked": how[1:]})
    assert result_of(airflow_services_info.main, capsys)["database"] == {}
    told = result_of(airflow_services_info.main, capsys, database_url="one", broker_url="another", broker_ssl={"ca_certs": "/etc/ca"})
    assert (told["database"], told["broker"], told["changed"]) == ({"asked": "database"}, {"asked": [{"ca_certs": "/etc/ca"}, 5]}, False)


def test_another_python_than_airflows_is_told(monkeypatch, capsys):
    monkeypatch.setattr(airflow_services_info, "sqlalchemy", None)
    assert "SQLAlchemy" in result_of(airflow_services_info.main, capsys, database_url="one")["msg"]
