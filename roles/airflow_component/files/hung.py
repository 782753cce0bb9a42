# SPDX-License-Identifier: GPL-3.0-or-later
"""Which components hang: judgement only, of what the watchdog saw. All times are seconds of the monotonic clock.

A component hangs when its sign of life stays the same. Only change is looked at, never the time that a sign tells, so a
clock that is set does no harm; nor is the state of a job looked at, which the schedulers of other hosts set to failed.

On a host without processors to spare, silence is not a hang: what a component waits for a processor does not count, and one
that still starts is left alone as long as it computes or would. To kill it would have it start from nothing again.
"""

import dataclasses

# Looks further apart than this saw too little in between: the host slept, or the database kept everybody waiting.
GAP = 30
# A kill that did not help makes the next one come later, up to 2 ** 5 times the patience.
MOST_DOUBLINGS = 5
# One that starts and wants a processor for this part of the time is at work, for at most so many times what a start may take.
BUSY = 0.2
LONGEST_START = 10


@dataclasses.dataclass(frozen=True)
class Sight:
    """What a look saw of one unit that is at work."""

    processes: tuple  # what to kill, in this order
    sign: object  # another one at each look, or at every few, while the component works; None for silence
    ran: float = 0.0  # seconds that its processes have had a processor so far
    waited: float = 0.0  # seconds that they were ready to run and had none


@dataclasses.dataclass(frozen=True)
class Memory:
    processes: tuple
    sign: object
    alive: float  # until then nothing is to be said against it
    ran: float
    waited: float
    starts_until: float  # no longer does it start; in the past once it has given a sign
    useless: int = 0  # kills since the last sign of life


@dataclasses.dataclass(frozen=True)
class Limits:
    patience: float
    start: float  # what a new process may take beyond that until its first sign


NOTHING = (None, {})


def remember(memory, now, sights, limits):
    """What is known after a look: (time of the look, {unit: Memory}). No sights at all: nobody could give a sign."""
    last, units = memory
    if sights is None or (last is not None and now - last > GAP):
        units = {unit: dataclasses.replace(known, alive=max(known.alive, now)) for unit, known in units.items()}
    passed = 0 if last is None else now - last
    return now, {**units, **{unit: merge(units.get(unit), now, passed, sight, limits) for unit, sight in (sights or {}).items()}}


def merge(known, now, passed, sight, limits):
    if known is None or known.processes != sight.processes:
        return Memory(sight.processes, sight.sign, now + limits.start, sight.ran, sight.waited, now + LONGEST_START * limits.start,
                      known.useless if known else 0)
    if sight.sign not in (None, known.sign):
        return Memory(sight.processes, sight.sign, max(known.alive, now), sight.ran, sight.waited, now)
    waited = min(max(sight.waited - known.waited, 0), passed)
    wanted = waited + max(sight.ran - known.ran, 0)
    starts = now < known.starts_until and wanted >= BUSY * passed
    alive = max(known.alive, now) if starts else known.alive + waited
    return dataclasses.replace(known, alive=alive, ran=sight.ran, waited=sight.waited)


def hung(memory, sights, limits):
    """{unit: seconds of silence} of those to be killed, among those that this look saw."""
    now, units = memory
    silence = {unit: now - units[unit].alive for unit in sights or {}}
    return {unit: seconds for unit, seconds in silence.items()
            if seconds > limits.patience * 2 ** min(units[unit].useless, MOST_DOUBLINGS)}


def killed(memory, units):
    """What is known after these units were killed: their silence begins anew."""
    now, known = memory
    return now, {**known, **{unit: dataclasses.replace(known[unit], alive=now, useless=known[unit].useless + 1) for unit in units}}
