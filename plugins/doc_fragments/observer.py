# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what the documentation of all observer modules shares."""
from __future__ import annotations


class ModuleDocFragment:

    DOCUMENTATION = r"""
options:
  members:
    description:
      - The members the tier should have, each a dictionary with the keys C(name) and C(address). Other keys are ignored.
    type: list
    elements: dict
    required: true
  expected:
    description:
      - Names of the members that must be well for the tier to count as healthy. By default these are all O(members).
      - A member that is known to be away is still asked, but not waited for.
    type: list
    elements: str
  timeout:
    description:
      - How long one request may take, in seconds. Members are asked at the same time, so a dead one costs this once.
    type: float
    default: 3
  wait:
    description:
      - How long to wait until the tier is healthy, in seconds. It is looked at once a second.
      - With V(0) the module looks once and reports what it saw; an unhealthy tier is an answer, not a failure.
      - Otherwise it fails when the time is over, and names the members, the problems and a remedy.
    type: int
    default: 0
  use_tls:
    description:
      - Ask over HTTPS. The certificate of the other side is always verified.
    type: bool
    default: false
  ca_path:
    description:
      - File or directory of certificate authorities in PEM format to verify with. Default are those of the system.
    type: path
  client_cert:
    description:
      - File with the client certificate in PEM format, for services that want one.
    type: path
  client_key:
    description:
      - File with the unencrypted key of O(client_cert). Not needed when that file holds the key, too.
    type: path
attributes:
  check_mode:
    description: Can run in check mode and return what it would return otherwise, since it changes nothing.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing), when in diff mode.
    support: N/A
    details: Nothing is ever changed.
notes:
  - Proxies set in the environment are not used, since members are asked at their own addresses.
author:
  - The steady.airflow authors (@steady)
"""
