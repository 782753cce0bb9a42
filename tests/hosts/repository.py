# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the backups are, and what pgBackRest calls the cluster."""

STANZA = "airflow"
DIRECTORY = "/var/lib/pgbackrest"
