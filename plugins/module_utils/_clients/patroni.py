# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what Patroni's REST API on one member answers. I/O only."""
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer, SteadyError

REQUESTS = 3


def ask(http, url):
    """{patroni, cluster, config}; the last two may be {"error": why}. Raises if Patroni does not answer."""
    # Status 503 only says that PostgreSQL is not running; the body is as good as with 200.
    patroni = http.ask(url + "/patroni")[1]
    if not isinstance(patroni, dict) or "patroni" not in patroni:
        raise BadAnswer("%s/patroni is not answered by Patroni" % url)
    return {"patroni": patroni, "cluster": _or_error(http, url + "/cluster"), "config": _or_error(http, url + "/config")}


def _or_error(http, url):
    try:
        return http.ask_well(url)
    except SteadyError as err:
        return {"error": str(err)}
