#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rabbitmq_former_users
short_description: Delete users of RabbitMQ whose place another one took
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - A user's password is replaced under load by a second user, which all clients come to use one after the other. This
    module deletes the former one as soon as it has no connection any more.
  - Only users that are named like O(owner), or begin with its name and C(_), are looked at.
  - RabbitMQ tells about a new connection after up to five seconds.
extends_documentation_fragment:
  - steady.airflow.management
  - steady.airflow.without_diff
options:
  owner:
    description: Name with which the names of these users begin.
    type: str
    required: true
  user:
    description: The one of them that stays.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Delete airflow, if airflow_2 is used in its place
  steady.airflow.rabbitmq_former_users:
    owner: airflow
    user: airflow_2
    username: operator
    password: "{{ rabbitmq_operator_password }}"
"""

RETURN = r"""
deleted:
  description: Users that were deleted, or would be in check mode.
  type: list
  elements: str
  returned: always
  sample: [airflow]
former:
  description: Users that still have connections, though another one took their place, each with the addresses of its clients.
  type: dict
  returned: always
  sample: {airflow: [192.0.2.11]}
"""

from urllib.parse import quote

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _management
from ansible_collections.steady.airflow.plugins.module_utils._accounts import belongs
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer, SteadyError


def former_users(users, connections, owner, user):
    """Return ``{name: addresses of its clients}`` of the owner's users other than this one.

    users, connections: answers of the management API.
    """
    names = [one["name"] for one in users if one["name"] != user and belongs(one["name"], owner)]
    return {name: sorted({str(one.get("peer_host")) for one in connections if one.get("user") == name}) for name in names}


def delete(http, url, name):
    """Delete one user; one that is gone already is well, too."""
    status, text = http.text("%s/users/%s" % (url, quote(name, safe="")), method="DELETE")
    if status not in (204, 404):
        raise BadAnswer("RabbitMQ did not delete user %s: status %d: %s" % (name, status, text))


def main():
    module = AnsibleModule(
        argument_spec=_management.argument_spec(owner={"type": "str", "required": True}, user={"type": "str", "required": True}),
        supports_check_mode=True,
    )
    wish = module.params
    http, url = _management.client(wish)
    try:
        users = http.ask_well(url + "/users?columns=name", kind=list)
        connections = http.ask_well(url + "/connections?columns=user,peer_host", kind=list)
        former = former_users(users, connections, wish["owner"], wish["user"])
        unused = [name for name, used_from in former.items() if not used_from]
        if not module.check_mode:
            for name in unused:
                delete(http, url, name)
    except SteadyError as error:
        module.fail_json(msg="RabbitMQ could not be asked who uses it: %s" % error)
    module.exit_json(changed=bool(unused), deleted=unused, former={name: former[name] for name in former if former[name]})


if __name__ == "__main__":
    main()
