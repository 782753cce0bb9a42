# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what the system is, and what it has."""

from __future__ import annotations

import os
import re

CONTAINER_MARKS = (
    "/run/host/container-manager",
    "/run/systemd/container",
    "/.dockerenv",
    "/run/.containerenv",
)


def distribution(files):
    release = {}
    for line in files.lines("/etc/os-release"):
        key, separator, value = line.partition("=")
        if separator:
            release[key.strip()] = value.strip().strip("\"'")
    return {
        "id": release.get("ID", ""),
        "version": release.get("VERSION_ID", ""),
        "codename": release.get("VERSION_CODENAME", ""),
    }


def python_version(files):
    """major.minor of /usr/bin/python3: the link names it, so nothing is started."""
    target = os.path.basename(files.link("/usr/bin/python3"))
    match = re.match(r"python(3\.\d+)$", target)
    return match.group(1) if match else ""


def cpus(files):
    return sum(1 for line in files.lines("/proc/cpuinfo") if re.match(r"processor\s*:", line))


def memory_mb(files):
    match = re.search(r"^MemTotal:\s*(\d+) kB", files.text("/proc/meminfo"), re.MULTILINE)
    return int(match.group(1)) // 1024 if match else 0


def is_container(files):
    if any(files.exists(mark) for mark in CONTAINER_MARKS):
        return True
    environment = files.text("/proc/1/environ").split("\0")
    return any(entry.startswith("container=") for entry in environment)


def has_systemd(files):
    return files.text("/proc/1/comm").strip() == "systemd" and files.exists("/run/systemd/system")


def packages(files, wanted):
    """Installed versions of the wanted Debian packages, from dpkg's own list."""
    wanted = set(wanted)
    found = {}
    if not wanted:
        return found
    for stanza in files.text("/var/lib/dpkg/status").split("\n\n"):
        name = re.match(r"Package: (\S+)", stanza)
        if not name or name.group(1) not in wanted:
            continue
        version = re.search(r"^Version: (\S+)", stanza, re.MULTILINE)
        if version and re.search(r"^Status: \S+ \S+ installed$", stanza, re.MULTILINE):
            found[name.group(1)] = version.group(1)
    return found


def filesystem(files, path):
    """Room for a path that may not exist yet: that of its nearest existing parent."""
    existing = "/" + path.strip("/")
    while existing != "/" and not files.exists(existing):
        existing = os.path.dirname(existing)
    status = os.statvfs(files.path(existing))
    return {
        "existing": existing,
        "free_mb": status.f_bavail * status.f_frsize // (1024 * 1024),
        "device": os.stat(files.path(existing)).st_dev,
    }
