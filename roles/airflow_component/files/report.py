# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what the watchdog sees: to systemd, which shows it as the status of the unit, and to whoever collects metrics in files."""

import time

import metrics

METRICS = "airflow_watchdog.prom"
SILENT = 30  # seconds: a heartbeat may be as old as that
HELP = {
    "look_timestamp_seconds": "When the watchdog looked last.",
    "silence_seconds": "For how long a component gave no sign of life that it owed.",
    "ended_total": "Components that hung and were told to end, or killed.",
    "messages_waiting": "Messages that no worker has taken, in queues that this host's worker serves.",
    "places": "Processes of this host's worker, free ones and those with a task.",
}


def tell(memory, sights, ended, worker):
    """Return why it could not be told, or None: nobody is guarded worse for that.

    memory: as hung.py has it; sights: {unit: Sight} or None; ended: {unit: times}; worker: that of worker.py or None.
    """
    now, known = memory
    silence = {unit: max(0.0, now - known[unit].alive) for unit in sights or {}}
    samples = {
        "look_timestamp_seconds": {None: time.time()},
        "silence_seconds": {("unit", unit): seconds for unit, seconds in silence.items()},
        "ended_total": {("unit", unit): times for unit, times in ended.items()},
    }
    words = ["looks at nobody while the database cannot be written" if sights is None else f"sees {len(silence)} components"]
    words += [f"{unit} gave no sign of life for {seconds:.0f} s" for unit, seconds in silence.items() if seconds >= SILENT]
    if worker and worker.seen:
        busy, places, waiting = worker.tasks(), len(worker.seen), sum(worker.waiting.values())
        samples["messages_waiting"] = {("queue", queue): count for queue, count in worker.waiting.items()}
        samples["places"] = {("state", "free"): places - busy, ("state", "busy"): busy}
        words.append(f"{places - busy} of {places} places of the worker are free, {waiting} messages wait")
    try:
        metrics.status("; ".join(words))
        metrics.publish(METRICS, metrics.exposition("airflow_watchdog", HELP, samples))
    except OSError as error:
        return str(error)
    return None
