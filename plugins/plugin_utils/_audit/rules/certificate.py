# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: certificates that services show to others, and the days that they have left."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book

BOOK = Book("certificates")
SOON = 14  # days


@BOOK.rule(
    "certificate-ended", "error", "A certificate that has ended", why="Everybody who checks it refuses the connection.",
    remedy="renew it, and let its service read it again")
def ended(certificate):
    if certificate.days_left < 0:
        yield "it ended on %s" % certificate.end


@BOOK.rule(
    "certificate-ends", "warning", "A certificate that ends soon",
    why="On that day all hosts stop talking to each other at once, which no second host helps against.",
    remedy="renew it, let its service read it again, and let a timer do so from now on")
def ends(certificate):
    if 0 <= certificate.days_left < SOON:
        yield "it ends on %s" % certificate.end


@BOOK.rule(
    "certificate-early", "error", "A certificate that does not count yet", why="Everybody who checks it refuses the connection.",
    remedy="look at the clock of the host that made it, and make another one")
def early(certificate):
    if certificate.days_until > 0:
        yield "it counts from %s on" % certificate.begin
