# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts without power, bare ones in the place of those that are lost, and copies of what is not."""

from __future__ import annotations

import contextlib
import re
import subprocess

import docker


def power(name, on):
    """Nothing on the host has a chance to end."""
    subprocess.run(["docker", "start" if on else "kill", name], stdout=subprocess.DEVNULL, check=True)


@contextlib.contextmanager
def without_power(name):
    power(name, on=False)
    try:
        yield
    finally:
        power(name, on=True)


def replace(name):
    """It has the name and the addresses of the former one, of which nothing is left."""
    engine = docker.from_env().api
    lost = engine.inspect_container(name)
    engine.remove_container(name, force=True, v=True)
    engine.create_container_from_config(
        {**lost["Config"], "HostConfig": lost["HostConfig"], "NetworkingConfig": {"EndpointsConfig": lost["NetworkSettings"]["Networks"]}}, name)
    engine.start(name)


@contextlib.contextmanager
def copied(name, directory, copy):
    """A directory of a host is in its place again after the host was replaced. copy: a file on the controller."""
    with copy.open("wb") as out:
        subprocess.run(["docker", "exec", name, "tar", "-C", directory, "-c", "."], stdout=out, check=True)
    yield
    subprocess.run(["docker", "exec", name, "mkdir", "-p", directory], check=True)
    with copy.open("rb") as back:
        subprocess.run(["docker", "exec", "-i", name, "tar", "-C", directory, "-x"], stdin=back, check=True)


def former_cluster(playbook):
    """Its number, with which site.yml ends on bare hosts when the repository has the backups of another cluster."""
    status, text = playbook("site")
    assert status != 0, text
    number, = set(re.findall(r"the repository holds backups of another cluster: its number is (\d+)", " ".join(text.split())))
    return number
