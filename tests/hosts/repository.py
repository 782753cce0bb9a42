# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the backups are, what pgBackRest calls the cluster, and where its data are."""

STANZA = "airflow"
DIRECTORY = "/var/lib/pgbackrest"
DATA = "/var/lib/postgresql/17/patroni"
