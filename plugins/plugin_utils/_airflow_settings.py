# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: airflow.cfg as Airflow reads it, and what is wrong with settings that a user gives.

A problem is ``{subject, problem, remedy, severity}``: severity is error where the setting has no effect and what was meant is known, or
where Airflow could not read it, and warning where a plugin or a provider of the user's may be the one that reads it.
"""

from __future__ import annotations

import ast
import configparser
import difflib
import json
import re

from ansible_collections.steady.airflow.plugins.module_utils._audit.airflow_config import ELSEWHERE, of_environment
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.options import Options
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.names import is_elsewhere, is_like
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

CONFIG, ENVIRONMENT = "airflow_config", "airflow_component_environment"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
# What no version since has read may be the name of an option of a plugin or provider by now.
REMEMBERED = "2.9"
INDENT = "\n    "
# Options that follow from a variable of ours, on which more depends: doors, health checks, what other hosts are told.
VARIABLE_OF = {"api.base_url": "airflow_base_url", "api.host": "topology_address", "api.port": "topology_ports",
               "api.secret_key": "airflow_api_secret_key", "core.fernet_key": "airflow_fernet_key"}


def cfg(settings):
    """Text of airflow.cfg for ``{section: {option: value}}``, both in the order of their names."""
    return "".join("\n[%s]\n%s" % (section, "".join(_line(option, value) for option, value in sorted(options.items())))
                   for section, options in sorted(settings.items()))


def _line(option, value):
    """A percent sign would be an interpolation, and a further line at the margin the next option."""
    return "%s = %s\n" % (option, INDENT.join(text(value).replace("%", "%%").splitlines()))


def text(value):
    """A value as Airflow reads it: structures and truth as JSON."""
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, (bool, dict, list, tuple)) else str(value)


def problems(config, environment, version):
    """All that is wrong with the options in airflow_config, and with the variables of the components' environment."""
    found = [*_shape(CONFIG, config, nested=True), *_shape(ENVIRONMENT, environment, nested=False)]
    if found:
        return found
    found = [*_unreadable(config), *_variables(environment)]
    given = {"%s.%s" % (section, option): (CONFIG, value) for section, options in config.items() for option, value in options.items()}
    given.update((name, (ENVIRONMENT, value)) for name, value in of_environment(environment).items())
    try:
        options = Options(version)
    except Unknown:
        return found  # that there is no such version is told by itself
    return found + [each for name, (subject, value) in given.items() for each in _option(options, name, subject, value)]


def python_problems(variable, given):
    """Whether Python can read what the variable holds."""
    if not isinstance(given, str):
        return [_problem(variable, "is no text", "write Python after a |")]
    try:
        ast.parse(given)
    except SyntaxError as error:
        return [_problem(variable, "line %s is no Python: %s" % (error.lineno or 1, error.msg), "correct it")]
    except ValueError as error:
        return [_problem(variable, "is no Python: %s" % error, "correct it")]
    return []


def _shape(subject, given, nested):
    if not isinstance(given, dict) or nested and not all(isinstance(each, dict) for each in given.values()):
        yield _problem(subject, "is no dictionary%s" % (" of dictionaries" if nested else ""),
                       "write %s" % ("{SECTION: {OPTION: VALUE}}" if nested else "{NAME: VALUE}"))


def _problem(subject, problem, remedy, severity="error"):
    return {"subject": subject, "problem": problem, "remedy": remedy, "severity": severity}


def _unreadable(config):
    """Does every value come back from the file as it was given, but for blanks around its lines?"""
    for section, options in config.items():
        for option, value in options.items():
            if _read_back(section, option, value) != [line.strip() for line in text(value).strip().splitlines()]:
                yield _problem(CONFIG, "%s.%s would not be read as it is written" % (section, option),
                               "write it so that no line of it begins with # or ;, and names without brackets, colons and equals signs")


def _read_back(section, option, value):
    parser = configparser.ConfigParser()
    try:
        parser.read_string(cfg({section: {option: value}}))
        return [line.strip() for line in parser.get(section, option).strip().splitlines()]
    except (configparser.Error, ValueError):
        return None


def _variables(environment):
    for name in environment:
        if not NAME.match(str(name)):
            yield _problem(ENVIRONMENT, "%s is no name of a variable" % name, "use letters, digits and underscores")


def _option(options, name, subject, value):
    if is_elsewhere(name) or any(name.endswith(ending) and options.has(name[:-len(ending)]) for ending, _where in ELSEWHERE):
        return
    release = "Airflow %d.%d" % options.version
    if name != name.lower():
        yield _problem(subject, "%s is another name than %s for Airflow, and nothing reads it" % (name, name.lower()), _set(name.lower()))
    elif name in VARIABLE_OF:
        yield _problem(subject, "%s follows from %s, with all else that depends on it" % (name, VARIABLE_OF[name]), _set(name))
    elif options.has(name):
        default = options.default(name)
        given = text(value).strip()
        if default is not None and given and not is_like(name, default, given):
            yield _problem(subject, "%s cannot be %r" % (name, given), "give a value like its default, which is %s" % default)
    else:
        yield from _not_known(options, name, subject, release)


def _set(name):
    return "set %s in place of it" % VARIABLE_OF.get(name, name)


def _not_known(options, name, subject, release):
    new = options.read_as(name) or options.replaced_by(name) or _nearest(options, name)
    if new:
        yield _problem(subject, "%s has no option %s" % (release, name), _set(new))
    elif options.was_known(name, since=REMEMBERED):
        yield _problem(subject, "%s has no option %s any more" % (release, name), "remove it")
    else:
        yield _problem(subject, "%s is no option of %s that is known here, and nothing says so when nothing reads it" % (name, release),
                       "remove it, unless a plugin or a provider of yours reads it", "warning")


def _nearest(options, name):
    """What was probably meant: the same option of another section, or one that is written nearly so."""
    section, _dot, option = name.partition(".")
    known = options.names()
    moved = [each for each in known if each.partition(".")[2] == option]
    if len(moved) == 1:
        return moved[0]
    beside = [each for each in known if each.startswith(section + ".")]
    return next(iter(difflib.get_close_matches(name, beside or known, n=1, cutoff=0.85)), None)
