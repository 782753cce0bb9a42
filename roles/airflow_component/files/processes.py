# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel tells of processes, as far as the watchdog asks. One that is gone has no children, no title and no time."""

import contextlib
import os
import pathlib


def children(process):
    try:
        return tuple(map(int, pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()))
    except OSError:
        return ()


def family(process):
    return [process, *(each for child in children(process) for each in family(child))]


def title(process):
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def wanted(processes):
    """Seconds that the threads of these had a processor so far, or were ready to run and had none."""
    threads = [thread for each in set(processes) for thread in pathlib.Path(f"/proc/{each}/task").glob("*")]
    return sum(map(scheduled, threads))


def scheduled(thread):
    try:
        ran, waited, _slices = (thread / "schedstat").read_text().split()
    except (OSError, ValueError):  # it ended just now, or a kernel does not count
        return 0
    return (int(ran) + int(waited)) / 1e9


def send(number, processes):
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)
