# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: can the host open a connection to a service that others run?"""

from __future__ import annotations

import contextlib
import socket


def reach(addresses, timeout, connect=socket.create_connection):
    """{"HOST:PORT": why it cannot be reached, or an empty string}."""
    return {address: problem(address, timeout, connect) for address in addresses}


def problem(address, timeout, connect):
    host, port = address.rsplit(":", 1)
    try:
        with contextlib.closing(connect((host.strip("[]"), int(port)), timeout)):
            return ""
    except (OSError, ValueError) as error:
        return str(error) or type(error).__name__
