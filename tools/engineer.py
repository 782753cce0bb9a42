# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who runs Ansible in a container of tools/controller, with the archive of this checkout installed there."""

from __future__ import annotations

import os
import subprocess

from stages import StageFailed

HOME = "/home/engineer"
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def docker(*arguments, **options):
    return subprocess.run(["docker", *map(str, arguments)], check=True, text=True, **options)


class Engineer:
    """name: of the container."""

    def __init__(self, name):
        self.name = name

    def start(self, network, *ansible_and_suite):
        return lambda stages: stages.command(["tools/controller", "up", self.name, network, *ansible_and_suite], cwd=ROOT)

    def stop(self, stages):
        stages.command(["tools/controller", "down", self.name], cwd=ROOT)

    def put(self, stages, files):
        """The archive, installed, and files: {path here: path below their directory}."""
        docker("exec", self.name, "mkdir", "-p", f"{HOME}/site")
        for source, target in files.items():
            docker("cp", "--quiet", source, f"{self.name}:{HOME}/site/{target}")
        stages.command([".venv/bin/ansible-galaxy", "collection", "build", "--force", "--output-path", "build"], cwd=ROOT)
        archive = next((name for name in sorted(os.listdir(f"{ROOT}/build")) if name.endswith(".tar.gz")), None)
        if archive is None:
            raise StageFailed("no archive was built")
        docker("cp", "--quiet", f"{ROOT}/build/{archive}", f"{self.name}:{HOME}/site/")
        docker("exec", "--user", "root", self.name, "chown", "-R", "engineer:", f"{HOME}/site")
        self.run("sh", "-c", f"umask 077; {HOME}/venv/bin/ansible-galaxy collection install --force {archive}")(stages)

    def run(self, *command):
        """As the account that may do nothing else there."""
        return lambda stages: stages.command(["docker", "exec", "--workdir", f"{HOME}/site", self.name, *command])

    def playbook(self, inventory, name, *arguments):
        return self.run(f"{HOME}/venv/bin/ansible-playbook", *inventory, name, *arguments)

    def answer(self, *command, **options):
        return docker("exec", "--interactive", "--workdir", HOME, self.name, *command, capture_output=True, **options).stdout
