# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: which certificates a host must, or should, get anew. Pure functions over what was read before.

A text holds the certificate first, and below it the authorities between it and one that is trusted, if there are any.
"""

from __future__ import annotations

import functools

from ansible_collections.steady.airflow.plugins.module_utils import _requests
from ansible_collections.steady.airflow.plugins.plugin_utils import _certificates as read
from ansible_collections.steady.airflow.plugins.plugin_utils._certificates import DAY


def due(identities, host, certificates, renewal_days, brought=None, key="", moment=None):
    """What is to be done: identities with C(why), which is empty if all is well, and C(must), unless it can wait.

    host: what host_info saw.
    certificates: PEM text of all authorities that are trusted.
    brought: for each name what the user gives, with C(file), C(text) (None without a file) and the C(problem) of reading it. None
      where the collection signs. What is good and not on the host yet is handed on as C(certificate).
    key: of the authority that signs now, as PEM text; empty if it is not at hand.
    """
    moment = moment or read.now()
    trusted = [each for each in read.read_all(certificates) if each.not_valid_after_utc > moment]
    private = _requests.read_key(key)
    signer = read.issuer_of(trusted, private) if private else None
    found = []
    for identity in identities:
        pem = (host.get("certificates") or {}).get(identity["name"])
        seen_key = (host.get("keys") or {}).get(identity["name"])
        judge = functools.partial(_judge, identity, seen_key, trusted, renewal_days, moment)
        task = _to_issue(identity, pem, signer, judge) if brought is None else _to_install(brought[identity["name"]], pem, judge)
        if task:
            found.append(dict(identity, **task))
    return found


def unfit(served, names, moment=None):
    """Why a certificate that the user brings along with its key is not good for people and programs that ask for these names.

    served: what host_info says of it. names: such as node1 and 192.0.2.11.
    """
    seen = read.read_all(served["certificate"])
    if served["problem"] or not seen:
        return served["problem"] or "no certificate in PEM format can be read"
    lacking = [name for name in names if not read.is_for(seen[0], name)]
    return "it is not for %s" % ", ".join(lacking) if lacking else _wrong_time(seen, moment or read.now())


def _to_issue(identity, pem, signer, judge):
    must, should = judge(pem)
    if not must and not should:
        should = _needless(identity, read.read_all(pem)[0]) or _of_another(signer, read.read_all(pem)[0])
    return _task(must, should) if must or should else None


def _to_install(given, pem, judge):
    """A file that is absent is missed only when the host's certificate is not good."""
    file = {"file": given["file"]}
    if given["problem"]:
        return _task("it cannot be read: %s" % given["problem"], "", **file)
    if given["text"] is None:
        must, should = ("%s, and there is no such file" % why if why else "" for why in judge(pem))
        return _task(must, should, **file) if must or should else None
    must, should = judge(given["text"])
    seen = read.read_all(given["text"])
    if must or seen == read.read_all(pem):
        return _task(must, should, **file) if must or should else None
    return _task(must, should, certificate=read.pem_of(seen), **file)


def _task(must, should, **more):
    return dict(more, why=must or should, must=bool(must))


def _judge(identity, key, trusted, renewal_days, moment, pem):
    """Why a certificate cannot be used, and else why it should be replaced; empty if it is good."""
    why = _unusable(identity, pem, key, trusted, moment)
    return why, "" if why else _ends_soon(read.read_all(pem), trusted, renewal_days, moment)


def _unusable(identity, pem, key, trusted, moment):
    if pem is None:
        return "there is none"
    seen = read.read_all(pem)
    if not seen:
        return "no certificate in PEM format can be read"
    return _wrong_key(identity, key, seen[0]) or _wrong_content(identity, seen, trusted) or _wrong_time(seen, moment)


def _wrong_key(identity, key, certificate):
    if key is None:
        return "its key is missing on the host"
    if (key["owner"], key["mode"]) != (identity["owner"], "0600"):
        return "its key belongs to %s with mode %s" % (key["owner"], key["mode"])
    if not key["public"]:
        return "its key on the host is none of the kind ECDSA P-256"
    if key["public"] != read.key_digest(certificate):
        return "the key on the host is another one's"
    return ""


def _wrong_content(identity, seen, trusted):
    if not read.leads_to(trusted, seen[0], seen[1:]):
        return "no authority in tls_ca_certificate has signed it"
    lacking = [name for one in seen for name in read.lacks(one)]
    if lacking:
        return "it, or an authority below it, lacks what Python wants to see: %s" % ", ".join(dict.fromkeys(lacking))
    if "subject" in identity and read.common_names_of(seen[0]) != [identity["subject"]]:
        return "it is for the subject %s, not for CN=%s" % (seen[0].subject.rfc4514_string(), identity["subject"])
    names = read.names_of(seen[0])
    lacking = [name for name in identity["names"] if not names.issuperset(_requests.general_names([name]))]
    if lacking:
        return "it is not for %s" % ", ".join(lacking)
    if read.uses_of(seen[0]) != set(_requests.extended_uses(identity["uses"])):
        return "it is for other uses than %s" % ", ".join(identity["uses"])
    return ""


def _wrong_time(seen, moment):
    """A certificate is good for as long as all that lead to it."""
    end, begin = _end(seen), max(each.not_valid_before_utc for each in seen)
    if end <= moment:
        return "it ended on %s" % end.strftime("%Y-%m-%d")
    return "it begins on %s" % begin.strftime("%Y-%m-%d") if begin > moment else ""


def _end(seen):
    return min(each.not_valid_after_utc for each in seen)


def _ends_soon(seen, trusted, renewal_days, moment):
    """A new one that would end with the authority at the same time is no better."""
    end = _end(seen)
    better = max(one.not_valid_after_utc for one in trusted) - end > DAY
    return "it ends in %d days" % ((end - moment) / DAY) if end - moment < renewal_days * DAY and better else ""


def _needless(identity, certificate):
    needless = read.names_of(certificate) - set(_requests.general_names(identity["names"]))
    return "it is for more names than %s" % ", ".join(identity["names"]) if needless else ""


def _of_another(signer, certificate):
    """An authority whose key is at hand takes over from the one before, which is then needed by nobody."""
    return "another authority has signed it than the one of tls_ca_key" if signer and not read.is_signed_by(certificate, signer) else ""
