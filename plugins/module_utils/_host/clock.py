# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: is the kernel's clock kept in step by somebody?"""

from __future__ import annotations

# The kernel lets its error estimate grow up to 16 s when nobody disciplines the clock; timedatectl judges alike.
UNSYNCHRONISED_MICROSECONDS = 16000000


def kernel_max_error():
    """The kernel's own estimate in microseconds, or None where it does not tell."""
    try:
        import ctypes
    except ImportError:  # a Python built without libffi
        return None

    class Timex(ctypes.Structure):
        _fields_ = [
            ("modes", ctypes.c_uint),
            ("offset", ctypes.c_long),
            ("freq", ctypes.c_long),
            ("maxerror", ctypes.c_long),
            ("rest", ctypes.c_char * 512),
        ]

    timex = Timex()  # modes is 0: read only
    try:
        answer = ctypes.CDLL(None).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        return None
    return None if answer < 0 else timex.maxerror


def synchronised(container, max_error):
    """None where it cannot be told, or where the clock is the container host's."""
    if container or max_error is None:
        return None
    return max_error < UNSYNCHRONISED_MICROSECONDS
