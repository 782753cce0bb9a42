# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: takes secrets out of texts, those that are known by their values and others by their names. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote, quote_plus

REMOVED = "[removed]"
SHORTEST = 6  # a shorter value would be found everywhere, and protects nothing
KEY_LINES = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
# user:password@ of a URL
IN_URL = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@]+(?=@)", re.IGNORECASE)
# name = value, name: value, "name": "value", also as a part of a longer name, unless it names a file
NAMED = re.compile(
    r"((?:(?:password|passwd|passphrase|secret|token|cookie|fernet_key|private_key|credential)s?(?!\w*_(?:path|file|dir))\w*[\"']?\s*[:=]"
    r"|\bauth_pass\s)\s*[\"']?)(?!\[removed\])([^\s\"',;}\]]+)", re.IGNORECASE)


def forms(secrets):
    """All ways in which these values may stand in a text, the longest first; of one with several lines each line by itself."""
    found = set()
    for secret in secrets:
        for line in str(secret).splitlines():
            line = line.strip()
            if len(line) >= SHORTEST and not line.startswith("-----"):
                found |= {line, quote(line, safe=""), quote(line), quote_plus(line)}
    return sorted(found, key=lambda form: (-len(form), form))


def held(text, known):
    """How many of these forms the text has."""
    return sum(form in text for form in known)


def redacted(text, known):
    """The text without these forms, and without what its names say is a secret."""
    for form in known:
        text = text.replace(form, REMOVED)
    text = KEY_LINES.sub(REMOVED, text)
    text = IN_URL.sub(r"\1" + REMOVED, text)
    return NAMED.sub(r"\1" + REMOVED, text)
