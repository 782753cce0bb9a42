# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring files, directories and links to their wanted state, many in one go.

PRIVATE to the collection. ``module`` is an AnsibleModule: it brings atomic moves, ownership and check mode.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile


class Unwritable(Exception):
    """A file cannot be written; the text names the path and the remedy."""


def usual_umask():
    """Let what is made on the way to a file be open to services, whatever the session's or sudo's umask is. Files get their modes expressly."""
    os.umask(0o022)


def newest_change(paths):
    """Return the newest change among paths in seconds since the epoch; 0.0 when none exists.

    The change time is taken, not the modification time: it also tells of a new owner or mode.
    """
    return max([os.lstat(path).st_ctime for path in paths if os.path.lexists(path)] or [0.0])


def append(path, new):
    """Append lines in one write, so that two who do so at once do not mix theirs."""
    if not new:
        return
    try:
        os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
        with open(path, "a", encoding="utf-8") as text:
            text.write("".join("%s\n" % line for line in new))
    except OSError as error:
        raise Unwritable(_say(path, error))


def apply(module, wanted, secret=False):
    """Bring one path to its wanted state; return its difference as Ansible prints it, or None when nothing changed.

    secret: what a file holds is not told either when it is refused.
    """
    path, state = wanted["path"], wanted["state"]
    try:
        if state == "absent":
            return _absent(module, path)
        if state == "link":
            return _link(module, path, wanted["target"])
        made = _directory(module, path) if state == "directory" else _file(module, wanted, secret)
        return _attributes(module, wanted, made)
    except OSError as error:
        raise Unwritable(_say(path, error))


def _say(path, error):
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "%s cannot be written: no space is left on its file system. Free some space there and run again." % path
    if error.errno == errno.EROFS:
        return "%s cannot be written: its file system is read-only. Check the disk, mount it writable and run again." % path
    return "%s cannot be written: %s" % (path, error.strerror or error)


def _absent(module, path):
    if not os.path.lexists(path):
        return None
    if not module.check_mode:
        os.unlink(path)
    return {"before_header": path, "after_header": path, "before": "present\n", "after": "absent\n"}


def _link(module, path, target):
    now = os.readlink(path) if os.path.islink(path) else None
    if now == target:
        return None
    if not module.check_mode:
        beside = "%s.new-%d" % (path, os.getpid())
        os.symlink(target, beside)
        try:
            os.replace(beside, path)
        except OSError:
            os.unlink(beside)
            raise
    return {"before_header": path, "after_header": path, "before": "%s\n" % (now or "absent"), "after": "%s\n" % target}


def _directory(module, path):
    if os.path.isdir(path):
        return None
    if not module.check_mode:
        os.makedirs(path)
    return {"before_header": path, "after_header": path, "before": "absent\n", "after": "directory\n"}


def _file(module, wanted, secret):
    path, content = wanted["path"], wanted["content"]
    before = None
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="surrogateescape") as existing:
            before = existing.read()
    if before == content:
        return None
    if not module.check_mode:
        _write(module, wanted, secret)
    return {"before_header": path, "after_header": path, "before": before or "", "after": content}


def _write(module, wanted, secret):
    """The new file is complete, checked and owned before it takes its place, from a directory beside it, where it has its name already."""
    path = wanted["path"]
    directory, name = os.path.split(path)
    os.makedirs(directory, exist_ok=True)
    room = tempfile.mkdtemp(prefix=".%s." % name, dir=directory)  # for root only
    beside = os.path.join(room, name)
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", errors="surrogateescape") as new:
            new.write(wanted["content"])
            new.flush()
            os.fsync(new.fileno())
        if wanted.get("validate"):
            _validate(module, wanted, beside, secret)
        module.set_fs_attributes_if_different(_wish(module, dict(wanted, path=beside)), False)
        os.replace(beside, path)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _validate(module, wanted, beside, secret):
    code, out, err = module.run_command(wanted["validate"] % beside)
    told = (err or out).strip().replace(beside, wanted["path"])
    if code or wanted.get("silent") and told:
        reason = "what its reader says of it may tell a secret; try it on the host" if secret else told
        raise Unwritable("%s would not be valid and was left as it is: %s" % (wanted["path"], reason))


def _attributes(module, wanted, difference):
    if module.check_mode and not os.path.exists(wanted["path"]):
        return difference
    if module.set_fs_attributes_if_different(_wish(module, wanted), False) and difference is None:
        header = "%s (owner, group or mode)" % wanted["path"]
        return {"before_header": header, "after_header": header, "before": "different\n", "after": "as wanted\n"}
    return difference


def _wish(module, wanted):
    plain = dict((key, None) for key in ("owner", "group", "mode", "seuser", "serole", "selevel", "setype", "attributes"))
    plain.update((key, wanted.get(key)) for key in ("path", "owner", "group", "mode"))
    return module.load_file_common_arguments(plain, path=wanted["path"])
