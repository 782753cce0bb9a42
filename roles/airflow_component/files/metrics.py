# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells systemd, which shows it as the status of a unit, and whoever collects metrics in files. None of it is secret."""

import os
import socket


def status(words):
    notify(f"STATUS={words}")


def notify(*told):
    """What sd_notify(3) knows."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.sendto("\n".join(told).encode(), "\0" + address[1:] if address.startswith("@") else address)


def exposition(prefix, descriptions, samples):
    """Text as Prometheus reads it.

    descriptions: {metric: what it says}; samples: {metric: {label or None: value}}, a label as (name, value).
    """
    lines = []
    for metric, values in samples.items():
        name = f"{prefix}_{metric}"
        lines += [f"# HELP {name} {descriptions[metric]}", f"# TYPE {name} {'counter' if metric.endswith('_total') else 'gauge'}"]
        lines += [name + (f'{{{label[0]}="{label[1]}"}}' if label else "") + f" {value}" for label, value in values.items()]
    return "\n".join(lines) + "\n"


def publish(name, text):
    """Whole, or not at all: somebody may read it right now."""
    directory = os.environ.get("RUNTIME_DIRECTORY")
    if directory:
        path = os.path.join(directory, name)
        with open(path + ".new", "w", encoding="utf-8", opener=lambda new, flags: os.open(new, flags, 0o644)) as file:
            file.write(text)
        os.chmod(path + ".new", 0o644)
        os.replace(path + ".new", path)
