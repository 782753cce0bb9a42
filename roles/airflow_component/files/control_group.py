# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a unit, as the kernel lists them."""

import contextlib
import itertools
import os
import pathlib
import select
import signal
import time

# where control groups are: of version 2, of both beside each other, of version 1
ROOTS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd")


def members(group):
    """Process ids in a control group and in those below it; none where there is no such group."""
    found = []
    for listed in group.rglob("cgroup.procs"):
        with contextlib.suppress(OSError):  # it is gone, or has only others below it
            found += map(int, listed.read_text().split())
    return found


def own(groups=pathlib.Path("/proc/self/cgroup"), roots=ROOTS, process=os.getpid()):
    """The directory of this process's unit, beside which those of other units are. Hierarchies that do not know units have all in one group."""
    for line in groups.read_text().splitlines():
        path = pathlib.PurePosixPath(line.split(":", 2)[2].lstrip("/"))
        for unit, root in itertools.product([each for each in (path, *path.parents) if each.suffix == ".service"], roots):
            if process in members(pathlib.Path(root, unit)):
                return pathlib.Path(root, unit)
    raise SystemExit(f"{groups} names no unit whose control group is to be found below {', '.join(roots)}")


def kill(group, spared=()):
    """The processes that were; not those which they began meanwhile."""
    killed = set()
    for process in set(members(group)) - set(spared):
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it ended just now, or became somebody else
            os.kill(process, signal.SIGKILL)
            killed.add(process)
    return killed


def empty(group, spared, seconds):
    """The same, and wait until they are gone, with what they held, but no longer than this."""
    killed, end = set(), time.monotonic() + seconds
    while (found := kill(group, spared)) and time.monotonic() < end:
        killed |= found
        for process in found:
            with contextlib.suppress(ProcessLookupError), open(os.pidfd_open(process), "rb") as ended:
                select.select([ended], [], [], max(0, end - time.monotonic()))
    return killed
