# SPDX-License-Identifier: GPL-3.0-or-later
"""What the shell scripts share: downloads that are tried again."""

from __future__ import annotations

import os
import subprocess

import pytest

from .conftest import TOOLS

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
