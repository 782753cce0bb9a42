# SPDX-License-Identifier: GPL-3.0-or-later
"""Of what a failed command wrote, what tells why; the texts are those that the tools write."""

from __future__ import annotations

import failure

ANSIBLE = """
TASK [steady.airflow.node : install | Packages] ****
ok: [node1]

TASK [steady.airflow.etcd : cluster | Until the cluster is healthy] ****
FAILED - RETRYING: [node1]: cluster | Until the cluster is healthy (6 retries left).
[ERROR]: Task failed: Module failed: 1 of 3 members is not healthy
fatal: [node2]: FAILED! => {
    "msg": "1 of 3 members is not healthy"
}

PLAY RECAP ****
node2                      : ok=12   changed=4    unreachable=0    failed=1    skipped=3    rescued=1    ignored=0
"""
PYTEST = """
tests/unit/test_a.py F.
    def test_a():
>       assert 1 == 2
E       assert 1 == 2

tests/unit/test_a.py:3: AssertionError
FAILED tests/unit/test_a.py::test_a - assert 1 == 2
1 failed, 1 passed in 0.01s
"""


def test_of_ansible_the_task_the_host_and_its_words():
    assert failure.reasons(ANSIBLE) == [
        "task steady.airflow.etcd : cluster | Until the cluster is healthy",
        "[ERROR]: Task failed: Module failed: 1 of 3 members is not healthy",
        "fatal: [node2]: FAILED! => {", '    "msg": "1 of 3 members is not healthy"', "}"]


def test_of_pytest_the_assertion_and_the_test():
    assert failure.reasons(PYTEST) == [
        "E       assert 1 == 2", "tests/unit/test_a.py:3: AssertionError", "FAILED tests/unit/test_a.py::test_a - assert 1 == 2"]


def test_where_nothing_tells_the_last_lines():
    assert failure.reasons("".join(f"line {number}\n\n" for number in range(100))) == [
        f"line {number}" for number in range(100 - failure.FIRST - failure.LAST, 100)]
    assert failure.reasons("") == []


def test_of_many_reasons_the_first_and_the_last_ones():
    told = failure.reasons("".join(f"FAILED test_{number}\n" for number in range(100)))
    assert told == [f"FAILED test_{number}" for number in (*range(failure.FIRST), *range(100 - failure.LAST, 100))]


def test_it_is_short_and_says_nothing_twice():
    text = "fatal: [node1]: FAILED! => " + "x" * 1000 + "\n"
    assert failure.reasons(text * 200) == [("fatal: [node1]: FAILED! => " + "x" * 1000)[:failure.WIDTH]]
