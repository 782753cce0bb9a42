# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: certificates on a host, and whether their keys are there. No key leaves this module.

The host's Python may have no library for certificates yet, and loading one takes longer than all the rest of the look.
What is served with a key of the user's is loaded as a server would, by Python's own C(ssl).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re

from ansible_collections.steady.airflow.plugins.module_utils._host import kept

# The public key of the curve P-256 as a bit string of 66 bytes, which a private key contains.
POINT = re.compile(rb"\x03\x42\x00(\x04.{64})", re.DOTALL)
PEM = re.compile("-----BEGIN [A-Z ]+-----(.+?)-----END", re.DOTALL)
CERTIFICATE = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", re.DOTALL)


def look(files, directory):
    """``(certificates, keys)``: {name: PEM text}, and {name: {owner, mode, public}} with a digest of the public key."""
    names = files.names(directory) if directory else []
    certificates = {name[:-4]: files.text(os.path.join(directory, name)) for name in names if name.endswith(".crt")}
    keys = {name[:-4]: key(files, os.path.join(directory, name)) for name in names if name.endswith(".key")}
    return certificates, keys


def key(files, path):
    status = kept.state(files.path(path), "")
    return {"owner": status.get("owner", ""), "mode": "%04o" % status.get("mode", 0), "public": public(files.text(path))}


def public(private):
    """Digest of the public key that a private one contains; empty for another kind of key."""
    point = POINT.search(der(private))
    return hashlib.sha256(point.group(1)).hexdigest() if point else ""


def der(pem):
    """The bytes of the first PEM block; none where there is no whole one."""
    block = PEM.search(pem)
    try:
        return base64.b64decode(block.group(1)) if block else b""
    except binascii.Error:
        return b""


def served(files, paths):
    """{path: {certificate, problem}} of files that a server loads together with their keys."""
    return {path: {"certificate": "".join(CERTIFICATE.findall(files.text(path))), "problem": _load(files.path(path))} for path in paths}


def _load(path):
    """Why a certificate cannot be loaded with its key; empty if it can."""
    import ssl  # takes a while to load, and most looks do without

    beside = os.path.splitext(path)[0] + ".key"
    try:
        # an empty passphrase, since nobody is there to be asked for one
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(path, beside if os.path.exists(beside) else None, password="")
    except ssl.SSLError as error:
        return (error.reason or str(error)).lower().replace("_", " ")
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or str(error)
    return ""
