# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts primes in eight tasks at once and tells which hosts did the work."""

from __future__ import annotations

import socket

from airflow.sdk import dag, task

PARTS = 8
PART_LENGTH = 20_000


@dag(dag_id="steady_example", schedule=None, catchup=False, tags=["example"])
def steady_example():
    @task
    def parts() -> list[int]:
        return [number * PART_LENGTH for number in range(PARTS)]

    @task(retries=2)
    def count_primes(start: int) -> dict:
        numbers = range(max(start, 2), start + PART_LENGTH)
        primes = sum(all(number % divisor for divisor in range(2, int(number**0.5) + 1)) for number in numbers)
        return {"host": socket.gethostname(), "primes": primes}

    @task
    def summary(results: list[dict]) -> dict:
        hosts = sorted({result["host"] for result in results})
        total = sum(result["primes"] for result in results)
        print(f"{total} primes below {PARTS * PART_LENGTH}, counted by {', '.join(hosts)}")
        return {"hosts": hosts, "primes": total}

    summary(count_primes.expand(start=parts()))


steady_example()
