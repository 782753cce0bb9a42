# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: HTML pages that need nothing beside themselves. Templates escape all that they are given."""

from __future__ import annotations

import pathlib

import jinja2

from ansible_collections.steady.airflow.plugins.plugin_utils import _drill_words as words

TEMPLATES = pathlib.Path(__file__).parent / "templates"


def render(template, figures):
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(tenths=words.tenths, counted=words.counted, moment=words.moment, duration=words.duration)
    return environment.get_template(template).render(figures)
