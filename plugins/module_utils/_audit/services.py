# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: which services of a stack a host runs, and how systemd treats them.

Known by what they run, so whatever their units are called: from `systemctl show` of all services, and from the command lines of
processes that no such unit has started.
"""

from __future__ import annotations

import re
import shlex

from ansible_collections.steady.airflow.plugins.module_utils._audit import docker

PROPERTIES = (
    "Id", "Type", "ActiveState", "UnitFileState", "MainPID", "User", "ExecStart", "Environment", "EnvironmentFiles", "Restart", "RestartUSec",
    "StartLimitIntervalUSec", "StartLimitBurst", "KillMode", "KillSignal", "TimeoutStopUSec", "LimitNOFILE", "NRestarts", "ConditionResult",
)
TOLD = (  # of them, what leaves the host
    "Type", "ActiveState", "UnitFileState", "User", "Restart", "StartLimitBurst", "KillMode", "KillSignal", "LimitNOFILE", "NRestarts")
SECONDS = {"RestartUSec": "RestartPause", "StartLimitIntervalUSec": "StartLimitInterval", "TimeoutStopUSec": "TimeoutStop"}
SPANS = {"us": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400, "w": 604800, "month": 2629800, "y": 31557600}
SPAN = re.compile(r"([\d.]+)(us|ms|s|min|h|d|w|month|y)\b")
# Words behind "airflow" in a command line. Some processes call themselves airflow api_server.
COMPONENTS = {
    "api-server": "api_server", "api_server": "api_server", "webserver": "webserver", "scheduler": "scheduler",
    "dag-processor": "dag_processor", "dag_processor": "dag_processor", "triggerer": "triggerer", "standalone": "standalone",
    "worker": "worker", "flower": "flower",  # as Airflow 1 had them
}
PROGRAMS = {  # by the name of the program
    "patroni": "patroni", "etcd": "etcd", "haproxy": "haproxy", "keepalived": "keepalived", "pgbouncer": "pgbouncer",
    "redis-server": "redis", "redis-sentinel": "redis_sentinel", "valkey-server": "redis", "valkey-sentinel": "redis_sentinel", "minio": "minio",
    "rabbitmq-server": "rabbitmq", "postgres": "postgresql", "mysqld": "mysql", "mariadbd": "mariadb",
}
KINDS = frozenset([*COMPONENTS.values(), *PROGRAMS.values()])
PROCESSES = {  # the options for how many processes a component has, the one that counts first
    "worker": (("-a", "--autoscale"), ("-c", "--concurrency")), "api_server": (("-w", "--workers"),), "webserver": (("-w", "--workers"),)}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
CONTAINER = re.compile(r"docker|containerd|crio|libpod|kubepods")
SHELL = re.compile(r"(^|/)(ba|da|z|k)?sh$")
SCRIPT = re.compile(r"-[a-z]*c$")
SENTINEL = re.compile(r" --sentinel\b| \[sentinel\]")
RABBITMQ_PROCESS = re.compile(r"\brabbit(mq)?\b")


def told(files, service):
    """What leaves the host of one that was found."""
    return {**{name: service[name] for name in ("kind", "unit", "settings")},
            "container": docker.name(files, service["container"]) if service["container"] else "",
            "queues": queues(service["arguments"]) if service["kind"] == "worker" else []}


def kind(arguments):
    """What runs with this command line: a component of Airflow, another service of the stack, or an empty string."""
    names = [word.rsplit("/", 1)[-1] for word in unwrapped(arguments)]
    for position, name in enumerate(names):
        if name == "airflow":
            behind = names[position + 1:position + 3]
            if behind[:2] in (["celery", "worker"], ["celery", "flower"]):
                return behind[1]
            return COMPONENTS.get(behind[0], "") if behind else ""
    for name in names[:2]:  # a script's interpreter comes first
        if name in PROGRAMS:
            return "redis_sentinel" if SENTINEL.search(" ".join(arguments)) else PROGRAMS[name]
    if names and names[0].startswith("beam") and RABBITMQ_PROCESS.search(" ".join(arguments)):
        return "rabbitmq"
    return ""


def unwrapped(arguments):
    """The words of a command line, and in place of a script that a shell was given those of the script."""
    for position, word in enumerate(arguments[:-1]):
        if SHELL.search(arguments[0]) and SCRIPT.match(word):
            return arguments[:position] + words(arguments[position + 1])
    return arguments


def option(arguments, *names):
    """The value of the last of these options in a command line; None where none of them is there."""
    line, found = unwrapped(arguments), None
    for position, word in enumerate(line):
        name, equal, value = word.partition("=")
        if name in names:
            found = value if equal else "".join(line[position + 1:position + 2])
    return found


def queues(arguments):
    """Those that a worker was told to serve; none for the default one."""
    return [each for each in (option(arguments, "-q", "--queues") or "").split(",") if each]


def wishes(what, arguments):
    """{Daemon: whether a command of Airflow leaves its terminal, Runs: after how many loops it ends by itself, Processes: how many it has}

    what: its kind. A number is 0 where the command line has none.
    """
    processes = [_number(option(arguments, *names)) for names in PROCESSES.get(what, ())]
    return {"Daemon": bool({"-D", "--daemon"} & set(unwrapped(arguments))), "Runs": _number(option(arguments, "-n", "--num-runs")),
            "Processes": next(filter(None, processes), 0)}


def _number(text):
    """The first one of 16 or 16,4; 0 for a variable."""
    first = (text or "").split(",")[0]
    return int(first) if first.isdecimal() else 0


def at_boot(files):
    """Names of the services that start at boot: systemctl shows those that are stopped only by their name."""
    return [name for name in files.names("/etc/systemd/system/multi-user.target.wants") if name.endswith(".service")]


def units(text, named=()):
    """[{kind, unit, container, arguments, environment, environment_files, pid, settings}] of the services of a stack in `systemctl show '*.service'`.

    named: {unit: kind} of those that do not say by themselves what they run.
    """
    found = []
    for block in text.split("\n\n"):
        shown = _properties(block)
        arguments = _arguments(shown.get("ExecStart", [""])[-1])
        what = dict(named).get(shown.get("Id", [""])[0]) or kind(arguments)
        if what and _is_meant_to_run(shown) and shown["Id"][0] not in [unit["unit"] for unit in found]:  # one that was asked by its name comes twice
            found.append({
                "kind": what, "unit": shown["Id"][0], "container": "", "arguments": arguments,
                "environment": _assignments(" ".join(shown.get("Environment", []))),
                "environment_files": [_file(line) for line in shown.get("EnvironmentFiles", [])],
                "pid": int(shown.get("MainPID", ["0"])[0]),
                "settings": dict({name: shown[name][0] for name in TOLD if name in shown}, **wishes(what, arguments),
                                 **{told: span(shown[name][0]) for name, told in SECONDS.items() if name in shown}),
            })
    return found


def _is_meant_to_run(shown):
    """It does, or has been told to at boot. A condition of its own may keep it from that, such as a file that is not there."""
    told = {name: shown.get(name, [""])[0] for name in ("ActiveState", "UnitFileState", "ConditionResult")}
    return told["ActiveState"] != "inactive" or (told["UnitFileState"] == "enabled" and told["ConditionResult"] == "yes")


def _properties(block):
    """A property may come several times."""
    shown = {}
    for line in block.splitlines():
        name, equal, value = line.partition("=")
        if equal:
            shown.setdefault(name, []).append(value)
    return shown


def _arguments(line):
    match = re.search(r"argv\[\]=(.*?) ; ", line)
    return words(match[1]) if match else []


def words(text):
    """As a shell would see them."""
    try:
        return shlex.split(text)
    except ValueError:  # a quote without its other half
        return text.split()


def _assignments(text):
    return dict(word.split("=", 1) for word in words(text) if "=" in word)


def _file(line):
    return re.sub(r" \(ignore_errors=\w+\)$", "", line)


def span(text):
    """Seconds of what systemd prints, such as 1min 30s; None for infinity."""
    if text == "infinity":
        return None
    return sum(float(number) * SPANS[unit] for number, unit in SPAN.findall(text)) if SPAN.search(text) else float(text or 0)


def environment(text):
    """{name: value} of a file for EnvironmentFile=."""
    found = {}
    for line in text.splitlines():
        name, equal, value = line.strip().partition("=")
        if equal and not name.startswith(("#", ";")):
            found[name.strip()] = " ".join(words(value)) if value.strip()[:1] in ("'", '"') else value.strip()
    return found


def command_line(files, service):
    """Its words: those of the process, or those of its unit where none runs."""
    return files.text("/proc/%d/cmdline" % service["pid"]).rstrip("\0").split("\0") if service["pid"] else service["arguments"]


def environment_of(files, service):
    """({name: value}, why that may not be all): what its unit says, and the process itself, if it may be read.

    The process alone is not enough: one that changes its title writes over its environment.
    """
    lines = files.text("/proc/%d/environ" % service["pid"]).split("\0") if service["pid"] else []
    own = {name: value for name, equal, value in (line.partition("=") for line in lines) if equal and NAME.match(name)}
    told, hidden = dict(service["environment"]), ""
    for path in service["environment_files"]:
        if files.is_hidden(path):
            hidden = "%s may not be read" % path
        told.update(environment(files.text(path)))
    return dict(told, **own), "" if own else hidden


def processes(files, known):
    """The same of services that none of these units has started, by hand, by another supervisor or in a container: one of each kind there."""
    found = {}
    units_known = {unit["unit"] for unit in known}
    for pid in sorted(int(name) for name in files.names("/proc") if name.isdigit()):
        arguments = files.text("/proc/%d/cmdline" % pid).rstrip("\0").split("\0")
        what = kind(arguments if len(arguments) > 1 else arguments[0].split())
        if not what:
            continue
        cgroup = files.text("/proc/%d/cgroup" % pid)
        container = docker.identity(cgroup) if CONTAINER.search(cgroup) else ""
        if (container, what) not in found and (container or not _is_of(cgroup, units_known)):
            found[container, what] = {"kind": what, "unit": "", "container": container, "arguments": arguments, "pid": pid,
                                      "environment": docker.environment(files, cgroup) if container else {}, "environment_files": [],
                                      "settings": wishes(what, arguments)}
    return list(found.values())


def _is_of(cgroup, names):
    return any(part in names for line in cgroup.splitlines() for part in line.split("/"))
