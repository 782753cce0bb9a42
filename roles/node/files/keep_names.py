# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets members' names mean their cluster addresses in a hosts file, whoever wrote it.

The lines stand between two marks at the beginning. A host's own name is taken off the loopback addresses, to which an installer or
cloud-init maps it: a resolver answers with every line that has a name. What else the file says stays. Run by systemd at boot, and whenever
the file was changed.
"""

import argparse
import ipaddress
import os
import pathlib
import re
import shutil
import tempfile

BEGIN, END = "# BEGIN steady.airflow", "# END steady.airflow"
BLOCK = re.compile(f"^{BEGIN}\n.*?^{END}\n", re.MULTILINE | re.DOTALL)


def is_loopback(text):
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def without_own_name(line, name, address):
    """The line, or two where others of its names stay on the loopback address."""
    content, hash_sign, comment = line.partition("#")
    words = content.split()
    own = [word for word in words[1:] if word == name or word.startswith(name + ".")]
    if not own or not is_loopback(words[0]):
        return [line]
    others = [word for word in words[1:] if word not in own]
    kept = [f"{words[0]}\t{' '.join(others)}"] if others else []
    return [*kept, f"{address}\t{' '.join(own)}{'  ' + hash_sign + comment if comment else ''}"]


def kept(text, lines, name):
    """What the hosts file is to hold.

    text: what it holds.
    lines: "ADDRESS NAME" of each member.
    name: the host's own, in lines or not.
    """
    address = next((line.split()[0] for line in lines if name in line.split()[1:]), None)
    rest = BLOCK.sub("", text if text.endswith("\n") or not text else text + "\n").splitlines()
    if address:
        rest = [each for line in rest for each in without_own_name(line, name, address)]
    return "\n".join([BEGIN, *lines, END, *rest]) + "\n"


def write(path, text):
    """All at once where the file can be replaced; in a container it may be a mount, which can only be rewritten."""
    handle, beside = tempfile.mkstemp(prefix=".hosts.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as new:
            new.write(text)
        shutil.copymode(path, beside)
        os.replace(beside, path)
    except OSError:
        os.unlink(beside)
        path.write_text(text, encoding="utf-8", errors="surrogateescape")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", type=pathlib.Path, help="file with the members' lines")
    parser.add_argument("name", help="the host's own name")
    parser.add_argument("hosts", type=pathlib.Path, nargs="?", default=pathlib.Path("/etc/hosts"))
    wish = parser.parse_args()
    hosts = wish.hosts if wish.hosts.exists() else None
    now = hosts.read_text(encoding="utf-8", errors="surrogateescape") if hosts else "127.0.0.1\tlocalhost\n"
    lines = [line for line in wish.lines.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    wanted = kept(now, lines, wish.name)
    if hosts is None:
        wish.hosts.write_text(wanted, encoding="utf-8")
    elif wanted != now:
        write(hosts, wanted)


if __name__ == "__main__":
    main()
