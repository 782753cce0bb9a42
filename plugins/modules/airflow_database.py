#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: airflow_database
short_description: Schema of Airflow's database, and its first account
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Compares the schema in the database with the one that the installed Airflow wants, and migrates it if they differ.
  - Of several runs at once, one prepares the database while the others wait, and then find nothing left to do.
  - Makes the admin of the FAB auth manager, or sets its password to the wanted one.
extends_documentation_fragment: steady.airflow.without_diff
options:
  venv:
    description: Virtual environment of Airflow.
    type: path
    required: true
  heads:
    description: JSON file with the schema heads that this Airflow wants, for each version table.
    type: path
    required: true
  user:
    description: Account that Airflow's commands run as.
    type: str
    default: airflow
  home:
    description: AIRFLOW_HOME.
    type: path
    required: true
  config:
    description: The file airflow.cfg.
    type: path
    required: true
  admin_username:
    description: Name of the admin.
    type: str
    default: admin
  admin_password:
    description: Password of the admin.
    type: str
    required: true
  admin_email:
    description: Mail address of the admin.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Migrate the database once
  steady.airflow.airflow_database:
    venv: /opt/airflow/current
    heads: /opt/airflow/current/steady-complete.json
    home: /var/lib/airflow
    config: /etc/airflow/airflow.cfg
    admin_password: "{{ airflow_admin_password }}"
    admin_email: admin@example.org
  run_once: true
"""

RETURN = r"""
steps:
  description: What was done, or would be in check mode, of V(migrate), V(create admin) and V(reset password).
  type: list
  elements: str
  returned: always
  sample: [migrate, create admin]
"""

import json
import os

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _airflow_database as database
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError


def look(module, url, heads):
    """Ask the database what it has; raise SteadyError when it does not answer."""
    wish = module.params
    question = {
        "url": url,
        "tables": sorted(heads),
        "username": wish["admin_username"],
        "password": wish["admin_password"],
    }
    code, out, err = module.run_command([python_of(wish), "-c", database.LOOK], data=json.dumps(question))
    if code:
        raise SteadyError(database.last_words(err))
    return json.loads(out)


def python_of(wish):
    return os.path.join(wish["venv"], "bin", "python")


def run(module, url, step):
    """Run one of Airflow's own commands as Airflow's account."""
    wish = module.params
    # in a session without a terminal: sudo may have been given one, and who asks for a password would ask there
    command = ["setsid", "--wait", "runuser", "--user", wish["user"], "--", os.path.join(wish["venv"], "bin", "airflow")]
    code, out, err = module.run_command(
        command + database.command(step, wish),
        # asked for twice; then Python's getpass reads the input
        data="%s\n%s\n" % (wish["admin_password"], wish["admin_password"]),
        environ_update={"AIRFLOW_HOME": wish["home"], "AIRFLOW_CONFIG": wish["config"], "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url},
        cwd=wish["home"],
    )
    if code:
        module.fail_json(msg="Airflow could not %s" % step, rc=code, stdout=out[-4000:], stderr=err[-4000:])


def prepare(module, url, heads):
    """Run what is still missing, looked at anew before each step; return the steps."""
    done = []
    while True:
        steps = database.needs(heads, look(module, url, heads))
        if not steps:
            return done
        if steps[0] in done:
            module.fail_json(msg="Airflow said that it did %s, but the database does not show it." % steps[0])
        run(module, url, steps[0])
        done.append(steps[0])


def main():
    module = AnsibleModule(
        argument_spec={
            "venv": {"type": "path", "required": True},
            "heads": {"type": "path", "required": True},
            "user": {"type": "str", "default": "airflow"},
            "home": {"type": "path", "required": True},
            "config": {"type": "path", "required": True},
            "admin_username": {"type": "str", "default": "admin"},
            "admin_password": {"type": "str", "required": True, "no_log": True},
            "admin_email": {"type": "str", "required": True},
        },
        supports_check_mode=True,
    )
    try:
        with open(module.params["heads"], encoding="utf-8") as found:
            heads = json.load(found)
    except (OSError, ValueError) as error:
        module.fail_json(msg="%s does not tell which schema is wanted: %s. Install Airflow first." % (module.params["heads"], error))
    try:
        url = database.patient(module.params["config"])
        steps = done = database.needs(heads, look(module, url, heads))
        if steps and not module.check_mode:
            with database.alone(python_of(module.params), url):
                done = prepare(module, url, heads)
    except SteadyError as error:
        module.fail_json(
            msg="Airflow's database does not answer at the address in %s: %s. Is there a leader (patronictl list), and is "
            "HAProxy up at the VIP? Or, if it is that of airflow_database_url, does that service answer?" % (module.params["config"], error)
        )
    module.exit_json(changed=bool(done), steps=done)


if __name__ == "__main__":
    main()
