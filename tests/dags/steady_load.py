# SPDX-License-Identifier: GPL-3.0-or-later
"""Work for proofs: short tasks around one of a minute.

Each try of a task writes down when it was last alive, so that two at the same time would be seen. There are no
retries of its own here: what saves a task are the defaults that the collection ships.
"""

from __future__ import annotations

import pathlib
import time

from airflow.sdk import dag, get_current_context, task

MARKS = pathlib.Path("/var/lib/airflow/load")


@task
def work(seconds: int) -> None:
    instance = get_current_context()["ti"]
    mark = MARKS / instance.run_id / instance.task_id / str(instance.try_number)
    mark.parent.mkdir(parents=True, exist_ok=True)
    start = time.time()
    while time.time() < start + seconds:
        mark.write_text(f"{start} {time.time()}\n", encoding="utf-8")
        time.sleep(0.5)  # this is the work


@dag(dag_id="steady_load", schedule=None, catchup=False, max_active_runs=100, max_active_tasks=100)
def steady_load():
    first = work.override(task_id="first")(1)
    last = work.override(task_id="last")(3)
    first >> [work.override(task_id="minute")(60), work.override(task_id="short")(5)] >> last


steady_load()
