# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: options by names that this version of Airflow does not read, and values that it cannot."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book

BOOK = Book("airflow")
# Read by Airflow's code, and in no version's list of options.
UNLISTED = {"scheduler.num_stuck_in_queued_retries"}
# Sections whose options have names that somebody else chose.
FREE = ("celery_broker_transport_options", "celery_result_backend_transport_options", "kubernetes_environment_variables", "kubernetes_secrets")
# What old guides tell to set; each has a rule of its own.
MAX_THREADS = "scheduler.max_threads"
HEARTBEAT_SWITCHES = frozenset("scheduler." + name for name in (
    "enable_heartbeat", "enable_scheduler_heartbeat", "heartbeat", "heartbeat_enabled", "scheduler_heartbeat", "use_heartbeat"))


@BOOK.rule(
    "airflow-config-broken", "error", "A configuration that Airflow cannot read",
    why="Every command of Airflow ends with an error where it reads its configuration. What runs goes on with what it has read before, and does "
        "not come back when it is started again.",
    remedy="correct the line; `airflow config list` says whether it can be read")
def broken(source):
    if source.broken:
        yield source.problem


def ignored(configuration):
    """Names that were given and that nothing reads."""
    options = configuration.options
    for name in sorted(configuration.given):
        if not options.has(name) and not options.read_as(name) and not is_elsewhere(name):
            yield name


def is_elsewhere(name):
    return section(name) in FREE or name in UNLISTED or name == MAX_THREADS or name in HEARTBEAT_SWITCHES


@BOOK.rule(
    "airflow-option-removed", "warning", "An option that this version no longer reads",
    why="Airflow says nothing about options that it does not know. What was set here has no effect, and the default holds.",
    remedy="remove it, or set what took its place, if the evidence names that")
def removed(configuration):
    for name in gone(configuration):
        new = configuration.options.replaced_by(name)
        if new or configuration.options.has_section(section(name)):
            yield "%s is not read any more%s" % (name, ", %s is" % new if new else "")


@BOOK.rule(
    "airflow-section-removed", "note", "What Airflow once had",
    why="The whole section went away with what it was for, so nothing misses it.", remedy="remove the section")
def section_removed(configuration):
    for name in dict.fromkeys(section(name) for name in gone(configuration) if not configuration.options.replaced_by(name)):
        if not configuration.options.has_section(name):
            yield "nothing reads [%s]" % name


def gone(configuration):
    """Names that an earlier version read."""
    return [name for name in ignored(configuration) if configuration.options.was_known(name)]


def section(name):
    return name.partition(".")[0]


@BOOK.rule(
    "airflow-option-unknown", "warning", "An option that this version does not know",
    why="Airflow says nothing about options that it does not know. A misspelt one has no effect, and the default holds.",
    remedy="correct its name, or remove it; `airflow config list` shows all that there are")
def unknown(configuration):
    options = configuration.options
    for name in ignored(configuration) if options.is_exact else []:
        later = options.known_from(name)
        if (later or options.has_section(section(name))) and not options.was_known(name):
            yield "%s is read from %s on%s" % (name, later, before(options, name)) if later else "nothing reads %s" % name


def before(options, name):
    """What an option was called before it had this name, for a text that goes on."""
    older = options.called(name)
    return "" if older == name else ", and %s until then" % older


@BOOK.rule(
    "airflow-option-renamed", "note", "An option by its old name",
    why="This version still reads the old name; one of the next does not, and will say nothing about it.",
    remedy="set it by its new name")
def renamed(configuration):
    for name in sorted(configuration.given):
        new = configuration.options.read_as(name)
        if new and not configuration.options.has(name):
            yield "%s is now %s" % (name, new)


@BOOK.rule(
    "airflow-option-both-names", "warning", "An option by two names",
    why="The new name counts, whatever the old one says. Who changes the old one changes nothing.",
    remedy="remove the old name")
def both_names(configuration):
    for name in sorted(configuration.given):
        new = configuration.options.read_as(name)
        if new and new in configuration.given and configuration.given[new] != configuration.given[name]:
            yield "%s and %s say different things" % (name, new)


@BOOK.rule(
    "airflow-option-value", "error", "A value that Airflow cannot read",
    why="A component that needs the option fails where it reads it, which may be long after its start.",
    remedy="correct the value: a number, or True or False, as its default is")
def value(configuration):
    for name in sorted(configuration.given):
        default = configuration.options.default(name) if configuration.options.has(name) else None
        text = configuration.given[name].get("value")
        if default is None or text is None or not text.strip():
            continue
        if not is_like(name, default, text.strip()):
            yield "%s is %r, and its default is %s" % (name, text, default)


def is_like(name, default, text):
    """Airflow cuts a comment behind a value of True or False, and takes one behind a number for a part of it."""
    if default.lower() in ("true", "false"):
        if name.endswith(".expose_config") and text.lower() == "non-sensitive-only":
            return True
        return text.split("#")[0].strip().lower() in ("t", "true", "1", "f", "false", "0")
    return is_number(text) or not is_number(default)


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


@BOOK.rule(
    "airflow-variable-ignored", "warning", "A variable that names no option",
    why="Airflow reads AIRFLOW__SECTION__OPTION. It says nothing of others, such as a whole section as one variable, and the default holds.",
    remedy="set one variable for each option")
def variable_ignored(source):
    for name in source.ignored:
        yield "%s is not read" % name


@BOOK.rule(
    "airflow-value-template", "note", "A template that nobody has filled in",
    why="Airflow takes the text as it stands.", remedy="fill it in before Airflow reads it")
def value_template(configuration):
    for name in sorted(configuration.given):
        if configuration.given[name].get("template"):
            yield "%s is one" % name


@BOOK.rule(
    "airflow-value-contrib", "error", "A module that Airflow 2 does not have",
    why="All of airflow.contrib left in 2.0. What names it there fails where it is imported, or is ignored.",
    remedy="name what took its place in Airflow or in a provider", since="2.0")
def value_contrib(configuration):
    for name in sorted(configuration.given):
        if "airflow.contrib." in (configuration.given[name].get("value") or ""):
            yield "%s is %s" % (name, configuration.given[name]["value"])


@BOOK.rule(
    "airflow-classic-max-threads", "warning", "max_threads does not coordinate schedulers",
    why="Old guides set scheduler.max_threads above 1 so that several schedulers work together. It was the number of processes that parse "
        "DAG files, and lost its name in 2.0. Schedulers coordinate by row locks in the database, which needs no option.",
    remedy="remove scheduler.max_threads, and leave scheduler.use_row_level_locking on; dag_processor.parsing_processes (before 3.0 "
           "scheduler.parsing_processes) is what it meant", since="2.0")
def max_threads(configuration):
    if MAX_THREADS in configuration.given:
        yield "%s is set" % MAX_THREADS


@BOOK.rule(
    "airflow-classic-heartbeat-switch", "warning", "There is no heartbeat to switch on",
    why="Some guides tell to enable the scheduler's heartbeat. It always beats; scheduler.scheduler_heartbeat_sec says how often, and "
        "scheduler.scheduler_health_check_threshold after how long of silence others take its work over.",
    remedy="remove the option, and look at the two numbers")
def heartbeat_switch(configuration):
    for name in sorted(HEARTBEAT_SWITCHES.intersection(configuration.given)):
        yield "%s is set" % name
