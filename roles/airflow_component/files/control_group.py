# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a unit, as the kernel lists them."""

import contextlib
import os
import pathlib
import signal

# where control groups are: of version 2, of both beside each other, of version 1
ROOTS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd")


def members(group):
    """Process ids in a control group; none where there is no such group."""
    try:
        return [int(word) for word in (group / "cgroup.procs").read_text().split()]
    except OSError:
        return []


def own(groups=pathlib.Path("/proc/self/cgroup"), roots=ROOTS, process=os.getpid()):
    """The directory of this process's unit, beside which those of other units are. Hierarchies that do not know units have all in one group."""
    for line in groups.read_text().splitlines():
        path = line.split(":", 2)[2].lstrip("/")
        for root in roots if path.endswith(".service") else ():
            if process in members(pathlib.Path(root, path)):
                return pathlib.Path(root, path)
    raise SystemExit(f"{groups} names no unit whose control group is to be found below {', '.join(roots)}")


def kill(group, spared=()):
    """How many processes were; twice, since who is killed last may have begun another one."""
    killed = set()
    for _again in range(2):
        for process in set(members(group)) - set(spared):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
                killed.add(process)
    return len(killed)
