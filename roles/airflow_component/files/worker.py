# SPDX-License-Identifier: GPL-3.0-or-later
"""Run Airflow's worker with a fault of Celery mended: when a connection to the broker is lost, it forgets which of its processes work.

Celery then hands new tasks to busy processes. They wait there although other processes are idle, and when the worker is stopped they
go back to the broker, while their process runs them all the same; what it has to say of that may keep the worker from ending.
Mended upstream by celery/celery#10346, which no release has that Airflow 3.3 works with; see docs/decisions/0015.
"""

import functools
import runpy
import sys


def mend(pool):
    """pool: the class AsynPool."""
    forget = pool.flush

    @functools.wraps(forget)
    def flush(self):
        forget(self)
        self._busy_workers.update(job._write_to.inqW_fd for job in self._cache.values() if job._accepted and job._write_to)

    pool.flush = flush


def main():
    from celery.concurrency.asynpool import AsynPool

    mend(AsynPool)
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
