# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the heads of the schema that the Airflow of this environment wants, as JSON: {version table: head}."""

import json
import os
import sys

from alembic.script import ScriptDirectory

MIGRATIONS = {"alembic_version": "airflow/migrations", "alembic_version_fab": "airflow/providers/fab/migrations"}


def main(path):
    site = next(one for one in sys.path if os.path.isdir(os.path.join(one, "airflow/migrations")))
    heads = {table: ScriptDirectory(os.path.join(site, where)).get_current_head() for table, where in MIGRATIONS.items()}
    with open(path + ".new", "w", encoding="utf-8") as out:
        json.dump(heads, out)
    os.replace(path + ".new", path)


if __name__ == "__main__":
    main(sys.argv[1])
