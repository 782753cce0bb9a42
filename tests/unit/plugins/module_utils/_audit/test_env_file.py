# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment files as people write them."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import env_file

FILE = b"""\xef\xbb\xbf# for all
export AIRFLOW__CORE__EXECUTOR="CeleryExecutor"
AIRFLOW__CORE__FERNET_KEY=''
USER_OF_IT=af
URL=postgresql://${USER_OF_IT:-x}:${PASSWORD:-change-me}@db/${NAME-airflow}
KEY=${MUST_BE:?set it}
NAMELESS
"""


def test_values_are_those_that_a_shell_would_set():
    assert env_file.read(FILE) == {
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor", "AIRFLOW__CORE__FERNET_KEY": "", "USER_OF_IT": "af",
        "URL": "postgresql://af:change-me@db/airflow", "KEY": "${MUST_BE}"}


@pytest.mark.parametrize("value, filled", [("${A:-b}", "b"), ("${A-b}", ""), ("${A:?b}", "${A}"), ("${B:-c}", "x"), ("$B", "$B")])
def test_an_empty_variable_is_absent_where_a_colon_says_so(value, filled):
    assert env_file.filled(value, {"A": "", "B": "x"}) == filled


def test_another_encoding_is_no_reason_to_know_nothing():
    assert env_file.read("# conexión\nA=b\n".encode("latin-1")) == {"A": "b"}
