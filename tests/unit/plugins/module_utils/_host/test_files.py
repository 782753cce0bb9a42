# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a host, and those that a container sees."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files


@pytest.fixture(name="inside")
def files_of_a_container(tmp_path):
    root = tmp_path / "proc/5/root"
    (root / "srv/airflow-3").mkdir(parents=True)
    (root / "srv/airflow-3/version").write_text("3.3.2")
    links = {"absolute": "/srv/airflow-3", "relative": "airflow-3", "up": "../../../srv/airflow-3", "round": "/srv/round", "two": "/srv/absolute"}
    for link, to in links.items():
        (root / "srv" / link).symlink_to(to)
    return Files(str(tmp_path)).inside({"container": "0a", "pid": 5})


@pytest.mark.parametrize("name", ["airflow-3", "absolute", "relative", "up", "two", "./relative", "../srv/two"])
def test_a_link_of_a_container_leads_to_its_own_files(inside, name):
    assert inside.text("/srv/%s/version" % name) == "3.3.2"


def test_a_link_to_itself_is_nothing(inside):
    assert inside.text("/srv/round/version") == ""


def test_a_service_in_no_container_sees_the_hosts_files(tmp_path):
    files = Files(str(tmp_path))
    assert files.inside({"container": "", "pid": 5}) is files
