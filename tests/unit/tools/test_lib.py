# SPDX-License-Identifier: GPL-3.0-or-later
"""What the shell scripts share: downloads that are tried again."""

from __future__ import annotations

import os
import subprocess

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

TOOLS = ROOT / "tools"

COUNT = 'tries=0; fetch() { tries=$((tries + 1)); [ "$tries" -ge "$1" ]; }; '


@pytest.fixture(name="bash")
def script_with_the_library():
    def run(text, **environment):
        return subprocess.run(["bash", "-c", f"set -euo pipefail; source {TOOLS}/lib.sh; {text}"], env={**os.environ, **environment},
                              capture_output=True, text=True, timeout=60, check=False)

    return run


def test_what_comes_in_the_end_is_waited_for(bash):
    done = bash(COUNT + 'patiently "the thing" "Name another source." fetch 3; echo "$tries"', STEADY_PAUSES="0 0 0")
    assert (done.returncode, done.stdout) == (0, "3\n")
    assert done.stderr == "the thing could not be fetched; again in 0 s\n" * 2


def test_what_never_comes_is_named_with_the_remedy(bash):
    done = bash(COUNT + 'patiently "the thing" "Name another source." fetch 9', STEADY_PAUSES="0 0")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("the thing could not be fetched. Name another source.")


def test_it_goes_on_for_minutes_unless_told_otherwise(bash):
    assert sum(map(int, bash('echo "$PAUSES"', STEADY_PAUSES="").stdout.split())) >= 180


@pytest.mark.parametrize("patience, seconds", [("", "300"), ("4", "1200"), ("2.5", "750"), ("0.5", "150")])
def test_never_is_longer_where_one_is_patient(bash, patience, seconds):
    assert bash("never 300", STEADY_PATIENCE=patience).stdout == seconds + "\n"


@pytest.mark.parametrize("patience", ["much", "4x", "-1", "1e3", "$(id)"])
def test_patience_is_a_number(bash, patience):
    refused = bash("never 300", STEADY_PATIENCE=patience)
    assert refused.returncode == 1 and refused.stderr.rstrip().endswith(f"such as 4 or 2.5, not {patience}")


STUBS = 'docker() { return 1; }; ip() { [ "$5" != 198.51.100.0/24 ] || echo "198.51.100.0/24 dev taken"; }; '


def test_the_hosts_get_no_network_that_the_machine_or_what_it_downloads_from_is_in(bash):
    assert bash(STUBS + "sources() { echo 203.0.113.80; }; free_network test").stdout == "192.0.2\n"
    assert bash(STUBS + "sources() { echo 192.0.20.1; }; free_network test").stdout == "203.0.113\n"
    refused = bash(STUBS + "sources() { echo 203.0.113.80; }; free_network test 203.0.113")
    assert refused.returncode == 1 and "--network PREFIX" in refused.stderr
