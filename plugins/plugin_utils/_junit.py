# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: suites of JUnit XML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

# What XML 1.0 cannot hold, not even escaped.
UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def suite(root, name, prefix, cases):
    """Cases are name, seconds, what it is called if something is to be told, and what is told. Their class is the prefix and the name."""
    made = ET.SubElement(root, "testsuite", name=fit(name), tests=str(len(cases)), errors="0")
    for kind, attribute in (("failure", "failures"), ("skipped", "skipped")):
        made.set(attribute, str(sum(bool(told) and called == kind for _title, _time, called, told in cases)))
    for title, time, called, told in cases:
        case = ET.SubElement(made, "testcase", classname=fit(prefix + name), name=fit(title), time="%.1f" % time)
        if told:
            ET.SubElement(case, called, message=fit(told[0])).text = fit("\n".join(told))


def fit(text):
    return UNFIT.sub("\ufffd", text)
