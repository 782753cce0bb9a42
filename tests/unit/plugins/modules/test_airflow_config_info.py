# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.plugins.modules import airflow_config_info

SALT = "0123456789abcdef"


@pytest.fixture
def told(capsys, tmp_path):
    """What the module says of a file with this content, or without one of a file that is not there."""
    def look(content=None, **options):
        path = tmp_path / "airflow.cfg"
        if content is not None:
            path.write_bytes(content)
        with patch_module_args({"paths": [str(path)], "version": "3.3.2", **options}):
            with pytest.raises(SystemExit):
                airflow_config_info.main()
        [file] = json.loads(capsys.readouterr().out)["files"]
        assert file["member"] == str(path)
        assert file["version"] == "3.3.2"
        return file

    return look


def test_a_file_is_read(told):
    file = told(b"[core]\nexecutor = CeleryExecutor\n")
    assert file["options"] == {"core.executor": {"value": "CeleryExecutor", "from": "file"}}
    assert (file["problem"], file["broken"]) == ("", False)


@pytest.mark.parametrize(("content", "problem", "broken"), [
    (None, "cannot be read: No such file or directory", False),
    (b"executor = x", "is broken: line 1 stands before", True),
    (b"[core]\nexecutor = \xff", "is no text in UTF-8", True),
])
def test_a_file_that_cannot_be_read_is_told_and_does_not_fail(told, content, problem, broken):
    file = told(content)
    assert problem in file["problem"]
    assert (file["broken"], file["options"]) == (broken, {})


def test_digests_can_be_compared_with_the_same_salt_only(told):
    key = b"[core]\nfernet_key = secret\n"
    digests = [told(key, **options)["options"]["core.fernet_key"]["secret"]["digest"] for options in ({"salt": SALT}, {"salt": SALT}, {}, {})]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
