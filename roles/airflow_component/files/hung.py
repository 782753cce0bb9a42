# SPDX-License-Identifier: GPL-3.0-or-later
"""Which components hang: judgement only, of what the watchdog saw. All times are seconds of the monotonic clock.

A component hangs when its sign of life stays the same. Only change is looked at, never the time that a sign tells, so a
clock that is set does no harm; nor is the state of a job looked at, which the schedulers of other hosts set to failed.

One that computes, or would if there were a processor to spare, is slow and not hung, whether it starts or works: to kill it
would have it start from nothing, on a host that has no time for that. So is one that says that it is busy.
"""

import dataclasses

# Looks further apart than this saw too little in between: the host slept, or the database kept everybody waiting.
GAP = 30
# A kill that did not help makes the next one come later, up to 2 ** 5 times the patience.
MOST_DOUBLINGS = 5
# One that is busy, or wants a processor for this part of the time, is at work, but for no longer than this without a sign of life.
BUSY = 0.2
LONGEST_WORK = 600


@dataclasses.dataclass(frozen=True)
class Sight:
    """What a look saw of one unit that is at work."""

    processes: tuple  # what to kill, in this order
    sign: object  # another one at each look, or at every few, while the component works; None for silence
    wanted: float = 0.0  # seconds that its processes had a processor so far, or were ready to run and had none
    busy: bool = False  # it gives no sign, but says that it has more to do than it can


@dataclasses.dataclass(frozen=True)
class Memory:
    processes: tuple
    sign: object
    alive: float  # until then nothing is to be said against it
    wanted: float
    works_until: float  # no longer is it excused for that
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
        return Memory(sight.processes, sight.sign, now + limits.start, sight.wanted, now + LONGEST_WORK, known.useless if known else 0)
    if sight.sign not in (None, known.sign):
        return Memory(sight.processes, sight.sign, max(known.alive, now), sight.wanted, now + LONGEST_WORK)
    works = now < known.works_until and (sight.busy or sight.wanted - known.wanted >= BUSY * passed)
    return dataclasses.replace(known, alive=max(known.alive, now) if works else known.alive, wanted=sight.wanted)


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
