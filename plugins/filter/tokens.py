# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter over keys that sign tokens; the thinking is in plugin_utils/_tokens.py."""

from __future__ import annotations

from ansible.errors import AnsibleFilterError

from ansible_collections.steady.airflow.plugins.plugin_utils._late import Late

_tokens = Late("plugin_utils._tokens")


def jwt_key_set(text):
    try:
        return _tokens.key_set(text)
    except ValueError as error:
        raise AnsibleFilterError("the text %s" % error) from error


class FilterModule:
    def filters(self):
        return {"jwt_key_set": jwt_key_set}
