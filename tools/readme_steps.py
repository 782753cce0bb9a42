# SPDX-License-Identifier: GPL-3.0-or-later
"""Does what the README says under "Use it on real hosts", word by word, as somebody with an empty home directory.

Usage: readme_steps.py HOME    makes HOME anew; the last step, which deploys, is checked for its syntax only

A block of sh is run as it stands, in the directory where the one before it ended; a block of yaml becomes the file in my/ that the
text before it names. Somebody types a vault's password where one is asked for.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys

from checkout import ROOT

SECTION = re.compile(r"^## Use it on real hosts\n(.*?)^## ", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^ *```(sh|yaml)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`(my/[\w/.-]+)`")
DEPLOYS = "steady.airflow.site"
PASSWORD = "a password of these steps\n"


def blocks(text):
    """(kind, content, text before it) of each block, in order."""
    section = SECTION.search(text).group(1)
    end = 0
    for match in BLOCK.finditer(section):
        indent = re.match(" *", match.group(2)).group(0)
        yield match.group(1), re.sub(f"^{indent}", "", match.group(2), flags=re.MULTILINE), section[end:match.start()]
        end = match.end()


def run(script, home, where):
    """Where the script ended. Without a terminal, passwords come from its input."""
    script = script.replace(DEPLOYS, DEPLOYS + " --syntax-check")
    environment = {**os.environ, "HOME": str(home), "PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}"}
    for name in [name for name in environment if name.startswith("ANSIBLE_")]:
        del environment[name]
    done = subprocess.run(["bash", "-euc", script + "\npwd >~/.where"], cwd=where, env=environment, input=PASSWORD * 2, text=True,
                          start_new_session=True, check=False)
    if done.returncode:
        sys.exit(f"The README's step failed with code {done.returncode}:\n{script}")
    return pathlib.Path((home / ".where").read_text(encoding="utf-8").strip())


def main(home):
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    where = ROOT
    for kind, content, before in blocks((ROOT / "README.md").read_text(encoding="utf-8")):
        if kind == "sh":
            where = run(content, home, where)
        else:
            path = where / FILE.findall(before)[-1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
