# SPDX-License-Identifier: GPL-3.0-or-later
"""What the watchdog says in its journal."""

import sys


def say(words):
    print(words, file=sys.stderr, flush=True)


class Said:
    """Says once when something is not as it should be, and once when it is so again."""

    def __init__(self, ill, well):
        self.ill, self.well, self.reason = ill, well, None

    def say(self, reason):
        """reason: why it is not as it should be, or None."""
        if bool(reason) != bool(self.reason):
            say(self.ill.format(reason) if reason else self.well)
        self.reason = reason
