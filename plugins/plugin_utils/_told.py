# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: how a filter tells what is wrong with what it was given."""

from __future__ import annotations

import functools

from ansible.errors import AnsibleFilterError

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption


def told(function):
    """A filter whose BadOption is what the user reads."""
    @functools.wraps(function)
    def call(*arguments):
        try:
            return function(*arguments)
        except BadOption as error:
            raise AnsibleFilterError(str(error)) from error

    return call
