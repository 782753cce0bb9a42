# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: rules about the authority that signs certificates, and about a host's certificates.

They judge what plugin_utils/_certificates.py read.
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import enumerate_names, finding

CERTIFICATE, KEY = "tls_ca_certificate", "tls_ca_key"
WARN_DAYS = 90
KEY_PROBLEMS = {
    "unreadable": ("inventory-authority-key-unreadable", "is no private key in PEM format without a passphrase",
                   "give the whole text of the key; ansible-vault protects it in place of a passphrase"),
    "foreign": ("inventory-authority-key-foreign", "is the key of no certificate in tls_ca_certificate",
                "give the two that belong together, or leave tls_ca_key away where nothing has to be issued"),
}


def usable(tiers, settings):
    """Without C(authority) nothing is judged."""
    seen = settings.get("authority")
    if seen is None:
        return
    if not seen["given"]:
        yield finding("inventory-authority-missing", CERTIFICATE, "not set",
                      settings.get("secrets_remedy") or "make it with the playbook steady.airflow.secrets")
    elif not seen["certificates"]:
        yield finding("inventory-authority-unreadable", CERTIFICATE, "holds no certificate in PEM format that can be read",
                      "give the whole text, from BEGIN CERTIFICATE to END CERTIFICATE")
    elif all(each["days"] <= 0 for each in seen["certificates"]):
        yield finding("inventory-authority-ended", CERTIFICATE, "ended on %s" % seen["certificates"][0]["ends"],
                      "add the certificate of a new authority and give its key, see docs/security.md")


def certificates(tiers, settings):
    for each in (settings.get("authority") or {}).get("certificates") or []:
        if not each["authority"]:
            yield finding("inventory-authority-none", CERTIFICATE, "%s is no authority's certificate" % each["name"],
                          "give that of the authority which signs for the members")
        elif each["lacks"]:
            yield finding("inventory-authority-lacks", CERTIFICATE, "%s lacks what Python wants to see: %s" % (each["name"], enumerate_names(each["lacks"])),
                          "let the authority's certificate be issued anew with it; its key can stay")
        elif each["days"] < WARN_DAYS:
            told = "ended on" if each["days"] <= 0 else "ends on"
            yield finding("inventory-authority-ends", CERTIFICATE, "%s %s %s" % (each["name"], told, each["ends"]),
                          "replace it by a new authority, see docs/security.md", "warning")


def key(tiers, settings):
    seen = settings.get("authority") or {}
    if seen.get("key") in KEY_PROBLEMS:
        identity, problem, remedy = KEY_PROBLEMS[seen["key"]]
        yield finding(identity, KEY, problem, remedy)


def due(host, expected):
    """C(certificates_due) is what has to be done on this host; a run that issues does it, and one that only installs says what it misses."""
    if expected.get("can_issue"):
        return
    for each in expected.get("certificates_due") or []:
        if not each["why"]:
            continue  # a good one, which this run installs
        identity, severity, must = ("host-certificate-due", "error", "must") if each["must"] else ("host-certificate-ends", "warning", "should")
        problem, remedy = brought(each, must) if "file" in each else unsigned(each, must)
        yield finding(identity, expected.get("name") or host["hostname"], problem, remedy, severity)


def unsigned(each, must):
    return ("its certificate %s %s be issued: %s; but tls_ca_key is not set" % (each["name"], must, each["why"]),
            "give tls_ca_key to this run, for example with -e @authority_key.yml --ask-vault-pass")


def brought(each, must):
    return ("its certificate %s (%s) %s be replaced: %s" % (each["name"], each["file"], must, each["why"]),
            "run the playbook steady.airflow.certificate_requests, have the request %s.csr beside that file signed as it is by an "
            "authority in tls_ca_certificate, and write the answer to the file, with the authorities between below it" % each["name"])


def served(host, expected):
    """A certificate that the load balancers show, of the user's."""
    file, why = expected.get("served_certificate") or ("", "")
    if why:
        yield finding(
            "host-served-certificate-unfit", expected.get("name") or host["hostname"],
            "%s (haproxy_certificate_file) cannot be shown: %s" % (file, why),
            "put a good certificate there, and its key beside it as NAME.key, or correct haproxy_certificate_file")


RULES = (usable, certificates, key)
