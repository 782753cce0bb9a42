# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is mended of Celery's broadcasts, with a mailbox like Kombu's."""
from __future__ import annotations

import contextlib
import types

import pytest

from ansible_collections.steady.airflow.tests.unit.roles.scripts import load_scripts


@pytest.fixture(name="mailbox")
def class_of_mailboxes():
    class Mailbox:
        """As much as is used; C(sent) is what its producer was told."""

        def __init__(self):
            self.sent = []

        @contextlib.contextmanager
        def producer_or_acquire(self, producer=None, channel=None):
            yield types.SimpleNamespace(publish=lambda *args, **options: self.sent.append((args, options)))

        def get_queue(self, hostname):
            return hostname + ".celery.pidbox"

    return Mailbox


@pytest.fixture(name="broadcasts")
def script(monkeypatch):
    return load_scripts(monkeypatch, "broadcasts", role="airflow_component")


def test_a_broadcast_that_a_mailbox_refuses_is_given_up(broadcasts, mailbox):
    broadcasts.give_up(mailbox)
    sender = mailbox()
    with sender.producer_or_acquire(None, "channel") as producer:
        producer.publish("revoke", exchange="celery.pidbox", retry=True)
    assert sender.sent == [(("revoke",), {"exchange": "celery.pidbox", "retry": True, "retry_policy": broadcasts.FEW})]
    assert broadcasts.FEW["max_retries"] == 2


def test_a_worker_opens_another_mailbox_each_time_and_no_other_process_the_same(broadcasts, mailbox, monkeypatch):
    broadcasts.open_another_one_each_time(mailbox)
    opened = [mailbox().get_queue("celery@node1") for _time in range(2)]

    class Another(mailbox):
        """Of another process."""

    again = load_scripts(monkeypatch, "broadcasts", role="airflow_component")
    again.open_another_one_each_time(Another)
    opened.append(Another().get_queue("celery@node1"))
    assert len(set(opened)) == 3
    assert all(name.startswith("celery@node1.") and name.endswith(".celery.pidbox") for name in opened)
