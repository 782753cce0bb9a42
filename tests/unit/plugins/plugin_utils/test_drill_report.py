# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page itself: what it shows, that it is sound HTML, and that nothing from outside acts in it."""

from __future__ import annotations

import html.parser
import re

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils import _drill_report as report
from ansible_collections.steady.airflow.plugins.plugin_utils import _page
from ansible_collections.steady.airflow.tests.unit.drill_results import fault, result

VOID = {"meta", "br"}
EVIL = "<script>alert('&')</script>"


class Page(html.parser.HTMLParser):
    """Knows tags with their attributes, and the text of each table's row; fails where tags do not match."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.rows = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data):
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] = " ".join((self.rows[-1][-1] + data).split(" ")).strip("\n")

    def row(self, first):
        return next([" ".join(cell.split()) for cell in row] for row in self.rows if row[0].startswith(first))


def broken():
    """A result in which whatever can be absent is, and all is wrong that can be."""
    found = result(self_test={"done": None, "red": []}, settings={}, versions={})
    found["oracle"].update(verdict="failed", counts={"lost": 2}, unjudged=["The ledger of node2 is gone."])
    found["campaign"].append({"fault": "F34", "number": 1})
    fault(found, "F03", 1).update(detected=None, healed=None, whole=None, problem="It could not be healed.", bound={}, predicted={})
    return found


@pytest.mark.parametrize("found", [result(), broken(), result(faults=[])])
def test_the_html_is_sound_and_needs_nothing_else(found):
    text = report.page(found)
    page = Page(text)
    assert text.startswith("<!doctype html>\n")
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _attributes in page.tags}
    assert not {"src", "href", "style"} & {name for _tag, attributes in page.tags for name in attributes}
    assert not re.search(r"https?:|url\(|@import", text)


def test_the_structure_can_be_heard():
    page = Page(report.page(result()))
    levels = [int(tag[1]) for tag, _attributes in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:]))
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in page.tags if tag == "th")
    assert [tag for tag, _attributes in page.tags].count("svg") == 9
    assert report.page(result()).count("<title>F") == 9
    assert ("html", {"lang": "en"}) in page.tags


def test_the_verdict_comes_first():
    text = report.page(result())
    first, second = text.index("nothing lost, 1 task ran twice"), text.index("What is promised, and what is not")
    assert first < second < text.index("At a glance")
    assert "exactly once" not in text


def test_figures_are_in_the_tables():
    page = Page(report.page(result()))
    assert page.row("F03 The database's leader") == [
        "F03 The database's leader loses power", "✗ 1 complaint", "3", "28.3", "29.1", "31.7", "-", "-", "41.0"]
    assert page.row("No write to the database") == [
        "No write to the database", "✗ missed: 1", "24.1 28.3 ! 22.9", "24.1", "28.3", "28.3", "27.0", "26.5"]
    assert page.row("No task started") == ["No task started", "no goal", "26.2 31.7 25.0", "26.2", "31.7", "31.7", "-", "-"]
    assert page.row("second commit with worker")[1:] == ["✓ good", "1", "any"]
    assert page.row("legitimate retry")[1:] == ["✓ good", "14", "any"]
    assert page.row("asynchronous replication") == ["asynchronous replication", "✓ seen", "ghost"]


def test_whether_a_host_had_the_processors_it_wanted_is_told_where_it_is_known():
    told = "on the host that was worst off, some process waited for a processor 83 % of the time and 2 % of the processors&#39; time went to others"
    assert told in " ".join(report.page(result()).split())
    found = result()
    for each in found["faults"]:
        del each["machine"]
    assert "worst off" not in report.page(found)


def test_what_is_absent_or_wrong_is_told():
    text = report.page(broken())
    for told in ("It could not be healed.", "Full redundancy did not come back.", "not detected, not healed, not whole",
                 "The ledger of node2 is gone.", "Nobody knows: no self-test was made.", "F34 (1), not made"):
        assert told in text


def test_the_drill_can_be_repeated():
    assert "the seed 7 and\nF29 3 times, F03 3 times, F19 3 times" in report.page(result())


def test_anomalies_that_are_not_allowed_come_first():
    found = broken()
    found["oracle"]["anomalies"].append(dict(found["oracle"]["anomalies"][0], **{"class": "lost", "task": None, "map": None, "fault": None}))
    assert [(one["name"], one["over"]) for one in report.figures(found)["anomalies"]] == [
        ("lost", True), ("second commit with worker", False)]
    assert "<dt>Task</dt><dd>None" not in report.page(found)


def evil(value):
    """The same, with every text from outside an attack; keys that mean something stay."""
    if isinstance(value, dict):
        return {key: each if key in ("verdict", "state", "class") else evil(each) for key, each in value.items()}
    if isinstance(value, list):
        return [evil(each) for each in value]
    return EVIL if isinstance(value, str) else value


def test_whatever_comes_from_outside_is_escaped():
    found = dict(evil(result()), versions={EVIL: EVIL}, settings={EVIL: EVIL})
    found["oracle"]["unjudged"] = [EVIL]
    found["oracle"]["counts"][EVIL] = 1
    for each in found["faults"]:
        each.update(problem=EVIL, targets=[EVIL])
    text = report.page(found)
    assert "script" not in {tag for tag, _attributes in Page(text).tags}
    assert "<script" not in text and text.count("&lt;script&gt;") > 50


def luminance(colour):
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize("ground", ["paper", "shade"])
@pytest.mark.parametrize("name", ["ink", "soft", "good", "bad", "doubt", "bar"])
def test_letters_can_be_read_by_day_and_night(scheme, ground, name):
    blocks = re.findall(r":root \{(.*?)\}", (_page.TEMPLATES / "page.css").read_text(encoding="utf-8"), re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#\w{6})", blocks[scheme]))
    dark, light = sorted(luminance(colours[each]) for each in (ground, name))
    assert (light + 0.05) / (dark + 0.05) >= 4.5
