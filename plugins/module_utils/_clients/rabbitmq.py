# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what RabbitMQ's management API answers. I/O only."""
from __future__ import annotations

REQUESTS = 4

# Without a selection the answers carry statistics of every queue and node: megabytes.
NODE_COLUMNS = "name,type,running,mem_alarm,disk_free_alarm,partitions,being_drained"
QUEUE_COLUMNS = "name,vhost,type,leader,members,online"
CONSUMER_COLUMNS = "name,vhost,consumers"


def ask(http, url):
    """{overview, nodes, queues, consumers} of the whole cluster as one node sees it. Raises if it does not tell.

    Who leads a queue and which members are online comes from the queues themselves. The statistics, in which the number of consumers
    is, keep what a member said while it was cut off for up to two minutes after it came back.
    """
    return {
        "overview": http.ask_well(url + "/api/overview?columns=cluster_name,rabbitmq_version"),
        "nodes": http.ask_well(url + "/api/nodes?columns=" + NODE_COLUMNS, kind=list),
        "queues": http.ask_well(url + "/api/queues?disable_stats=true&enable_queue_totals=true&columns=" + QUEUE_COLUMNS, kind=list),
        "consumers": http.ask_well(url + "/api/queues?columns=" + CONSUMER_COLUMNS, kind=list),
    }
