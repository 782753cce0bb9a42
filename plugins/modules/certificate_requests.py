#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: certificate_requests
short_description: Private keys of a host, and requests for their certificates
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Makes an ECDSA key on the curve P-256 for each name that has none, in C(NAME.key), and a certificate request with each key.
  - Does for all names of a host at once what M(community.crypto.openssl_privatekey) and M(community.crypto.openssl_csr_pipe) do for one.
  - A key that is there stays, since a service may read key and certificate at the moment in which only one is new.
    What is no such key is replaced.
  - A key is owned by its reader, with mode 0600, before it has its name. None leaves the host.
requirements:
  - cryptography
attributes:
  check_mode:
    description: Writes no key in check mode; the requests it returns then are of keys that nobody has.
    support: full
  diff_mode:
    description: Shows no difference.
    support: none
options:
  directory:
    description: Where the keys are. It is made when it is absent, with owner root and mode 0755.
    type: path
    required: true
  wanted:
    description:
      - For whom to ask, as P(steady.airflow.local_identities#filter) returns it.
      - C(name) is the name of the key's file without its suffix, and the common name of the certificate. C(owner) reads the key.
        C(names) are such as C(DNS:node1) and C(IP:192.0.2.11), and C(uses) V(serverAuth), V(clientAuth) or both. Other keys do not matter.
    type: list
    elements: dict
    required: true
  made:
    description: Requests that were made before, as PEM text. One that asks for the same with the same key is returned as it is.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Ask for etcd's certificate
  steady.airflow.certificate_requests:
    directory: /etc/steady-airflow/tls
    wanted:
      - name: etcd
        owner: etcd
        names: [DNS:node1, IP:192.0.2.11]
        uses: [serverAuth, clientAuth]
"""

RETURN = r"""
requests:
  description: A request as PEM text for each of O(wanted), in its order.
  type: list
  elements: str
  returned: always
  sample: ["-----BEGIN CERTIFICATE REQUEST-----\n..."]
"""

import os

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.steady.airflow.plugins.module_utils import _files, _requests


def ask(module, identity):
    """One request, and whether its key is new or had another reader."""
    path = os.path.join(module.params["directory"], identity["name"] + ".key")
    key = _requests.key_in(path)
    wanted = {"path": path, "state": "file", "content": key, "owner": identity["owner"], "group": "root", "mode": "0600"}
    changed = _files.apply(module, wanted) is not None
    return _requests.request(key, identity, module.params["made"]), changed


def main():
    module = AnsibleModule(argument_spec={
        "directory": {"type": "path", "required": True},
        "wanted": {"type": "list", "elements": "dict", "required": True},
        "made": {"type": "list", "elements": "str", "default": []},
    }, supports_check_mode=True)
    if _requests.MISSING:
        module.fail_json(msg=missing_required_lib("cryptography"), exception=_requests.MISSING)
    directory = {"path": module.params["directory"], "state": "directory", "owner": "root", "group": "root", "mode": "0755"}
    try:
        _files.apply(module, directory)
        asked = [ask(module, identity) for identity in module.params["wanted"]]
    except (_files.Unwritable, ValueError) as error:
        module.fail_json(msg="%s" % error)
    module.exit_json(changed=any(changed for _request, changed in asked), requests=[request for request, _changed in asked])


if __name__ == "__main__":
    main()
