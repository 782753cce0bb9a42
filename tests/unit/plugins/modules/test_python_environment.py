# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module python_environment as a whole, with programs that note how they were called."""
from __future__ import annotations

import fcntl
import threading

import pytest

from ansible_collections.steady.airflow.plugins.modules import python_environment
from ansible_collections.steady.airflow.tests.unit.stage import result_of

# In place of Python, pip and uv: each notes its words, fails when it is told to, and leaves what it should.
PROGRAM = """#!/bin/sh
echo "$(basename "$0") $*" >>%(here)s/calls
case "$*" in *"$(cat %(here)s/broken 2>/dev/null || echo nothing)"*) cat %(here)s/words >&2; exit 28 ;; esac
case "$*" in
  "-m venv"*) mkdir -p "$4/bin"; cp "$0" "$4/bin/pip"; cp "$0" "$4/bin/uv" ;;
  "venv "*) mkdir -p %(here)s/env/bin; cp "$0" %(here)s/env/bin/python ;;
  *heads.py*) echo '{}' >"$2" ;;
esac
"""


@pytest.fixture(name="here")
def programs(tmp_path):
    (tmp_path / "python3").write_text(PROGRAM % {"here": tmp_path})
    (tmp_path / "python3").chmod(0o755)
    (tmp_path / "words").write_text("No space left on device")
    return tmp_path


def make(here, capsys, **more):
    wish = {name: str(here / path) for name, path in {
        "path": "env", "lock": "a.lock", "installer": "uv", "installer_lock": "uv.lock", "program": "heads.py",
        "complete": "env/complete.json", "python": "python3"}.items()}
    return result_of(python_environment.main, capsys, **dict(wish, **more))


def calls(here):
    path = here / "calls"
    return [line.split(" ")[0] for line in path.read_text().splitlines()] if path.exists() else []


def test_an_environment_is_made_once(here, capsys):
    assert make(here, capsys)["changed"] is True
    assert calls(here) == ["python3", "pip", "uv", "uv", "python"]
    assert make(here, capsys)["changed"] is False
    assert len(calls(here)) == 5


def test_every_package_is_checked_by_its_hash(here, capsys):
    make(here, capsys)
    installs = [line for line in (here / "calls").read_text().splitlines() if " install " in line]
    assert len(installs) == 2 and all("--require-hashes" in line for line in installs)


@pytest.mark.parametrize("words, step", [
    ("-m venv", "make the installer's environment"), ("uv.lock", "install the installer"), ("venv --quiet", "make the environment"),
    ("a.lock", "install the packages"), ("heads.py", "run in the environment")])
def test_a_failure_is_told_and_the_next_run_makes_it_good(here, capsys, words, step):
    (here / "broken").write_text(words)
    result = make(here, capsys)
    assert (result["failed"], result["step"], result["rc"]) == (True, step, 28)
    assert result["msg"] == "could not %s: No space left on device" % step
    assert result["unfetched"] is False
    (here / "broken").unlink()
    assert make(here, capsys)["changed"] is True


# What pip and uv said through a proxy that cut a transfer, and of a lock file with a wrong hash.
CUT = """ERROR: Exception:
Traceback (most recent call last):
  File "/opt/airflow/uv/lib/python3.13/site-packages/pip/_vendor/urllib3/response.py", line 443, in _error_catcher
    yield
pip._vendor.urllib3.exceptions.IncompleteRead: IncompleteRead(10240 bytes read, 4096 more expected, hashes=hashes)

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/opt/airflow/uv/lib/python3.13/site-packages/pip/_internal/resolution/resolvelib/factory.py", line 307, in iter_index_candidate_infos
    hashes=hashes,
pip._vendor.urllib3.exceptions.ProtocolError: ('Connection broken')
"""
WRONG_HASHES = [
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
    "error: Failed to download `wheel==0.45.1`\n  Caused by: Hash mismatch for `wheel==0.45.1`"]


@pytest.mark.parametrize("broken, said, unfetched", [
    ("uv.lock", CUT, True), ("a.lock", "error: operation timed out", True), ("heads.py", CUT, False),
    *((lock, said, False) for lock, said in zip(("uv.lock", "a.lock"), WRONG_HASHES))])
def test_what_could_not_be_fetched_may_come_later(here, capsys, broken, said, unfetched):
    (here / "broken").write_text(broken)
    (here / "words").write_text(said)
    result = make(here, capsys)
    assert result["unfetched"] is unfetched
    assert "Traceback" not in result["msg"] and said.splitlines()[-1] in result["msg"]


def test_check_mode_makes_nothing(here, capsys):
    assert make(here, capsys, _ansible_check_mode=True)["changed"] is True
    assert not calls(here)


def test_a_run_that_waited_for_another_finds_it_made(here, capsys):
    with open(here / "env.lock", "w", encoding="utf-8") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        def finish():
            (here / "env").mkdir()
            (here / "env/complete.json").write_text("{}")
            fcntl.flock(other, fcntl.LOCK_UN)

        threading.Timer(0.3, finish).start()
        assert make(here, capsys)["changed"] is False
    assert not calls(here)


def test_a_directory_that_cannot_be_written_is_told(here, capsys):
    result = make(here, capsys, path=str(here / "none/env"))
    assert result["msg"] == "could not write below %s/none: No such file or directory" % here
