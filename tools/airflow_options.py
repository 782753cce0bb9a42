# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes roles/audit/files/airflow_options.json: which options each minor version of Airflow knows, and their defaults.

Usage: airflow_options.py    reads the packages of all versions from the index that pip is told to use

The packages are opened, and none of their code runs: options are data in them, and what was renamed is a dictionary that can be read.
"""

from __future__ import annotations

import ast
import configparser
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

import yaml
from checkout import ROOT

TARGET = ROOT / "roles/audit/files/airflow_options.json"
# The last release of each minor version.
RELEASES = {
    "1.10": "apache-airflow==1.10.15",
    "2.0": "apache-airflow==2.0.2",
    "2.1": "apache-airflow==2.1.4",
    "2.2": "apache-airflow==2.2.5",
    "2.3": "apache-airflow==2.3.4",
    "2.4": "apache-airflow==2.4.3",
    "2.5": "apache-airflow==2.5.3",
    "2.6": "apache-airflow==2.6.3",
    "2.7": "apache-airflow==2.7.3",
    "2.8": "apache-airflow==2.8.4",
    "2.9": "apache-airflow==2.9.3",
    "2.10": "apache-airflow==2.10.5",
    "2.11": "apache-airflow==2.11.2",
    "3.0": "apache-airflow-core==3.0.6",
    "3.1": "apache-airflow-core==3.1.8",
    "3.2": "apache-airflow-core==3.2.2",
    "3.3": "apache-airflow-core==3.3.2",
}
# The providers whose options an installation with Celery has from this version on: the last ones that can be installed with it, where they
# know other options than the newest do. Before 2.7 the options of Celery, and those of other providers, are Airflow's own.
PROVIDED = "2.7"
PROVIDERS = {
    "2.7": ["apache-airflow-providers-celery==3.7.3"],
    "2.8": ["apache-airflow-providers-celery==3.8.5"],
    "2.9": ["apache-airflow-providers-celery==3.26.0", "apache-airflow-providers-fab==3.10.2"],
}
CONFIG = "airflow/config_templates/config.yml"
RENAMES = re.compile(r"airflow/(configuration|_shared/configuration/parser)\.py$")
FALLBACK = re.compile(r"airflow/config_templates/(pre_2_7_defaults|provider_config_fallback_defaults)\.cfg$")
CHANGES = "airflow/cli/commands/config_command.py"


def fetch(requirement, directory):
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", directory, requirement], check=True)
    name = requirement.replace("-", "_").replace("==", "-")
    return zipfile.ZipFile(next(pathlib.Path(directory).glob(f"{name}-*.whl")))


def sections_of(config):
    """{section: {option: what is told of it}} of either form: a dictionary, or, until 2.5, lists of what has a name."""
    if isinstance(config, list):
        config = {section["name"]: {"options": {option["name"]: option for option in section["options"] or []}} for section in config}
    return {section: content["options"] or {} for section, content in config.items()}


def options_of(config):
    """{"section.option": default, as text, or None} and the names of those that are secret."""
    known, secret = {}, set()
    for section, options in sections_of(config).items():
        for option, described in options.items():
            default = described["default"]
            known[f"{section}.{option}"] = None if default is None else str(default)
            if described.get("sensitive"):
                secret.add(f"{section}.{option}")
    return known, secret


def provider_config(package):
    """What the one function of a provider's information returns, without running it."""
    [path] = [name for name in package.namelist() if name.endswith("/get_provider_info.py")]
    [answer] = [node.value for node in ast.walk(ast.parse(package.read(path))) if isinstance(node, ast.Return)]
    return ast.literal_eval(answer)["config"]


def assigned(package, name):
    """What a name is set to, wherever it is: values of Python, of those that are written out."""
    trees = [ast.parse(package.read(path)) for path in filter(RENAMES.match, package.namelist())]
    for node in (node for tree in trees for node in ast.walk(tree)):
        targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets if isinstance(node, ast.Assign) else []
        if name in [getattr(target, "id", "") for target in targets] and isinstance(node.value, (ast.Dict, ast.Set)):
            yield ast.literal_eval(node.value)


def renames(options):
    """(old name, new name) of each, in either form: {(section, new): (section, old, since)}, or, in 1.10, {section: {new: old}}."""
    for key, told in options.items():
        if isinstance(told, dict):
            yield from ((f"{key}.{old}", f"{key}.{new}") for new, old in told.items())
        else:
            for section, option, _since in told if isinstance(told, list) else [told]:
                yield f"{section}.{option}", ".".join(key)


def still_read(package, known=()):
    """{old name: new name} of what this version reads by its old name, too. known: options of its sections, which may have had other names."""
    renamed = {}
    for sections in assigned(package, "deprecated_sections"):
        for new, (old, _since) in sections.items():
            renamed.update((f"{old}.{name.partition('.')[2]}", name) for name in known if name.startswith(f"{new}."))
    for name in ("many_to_one_deprecated_options", "deprecated_options"):
        for options in assigned(package, name):
            renamed.update(renames(options))
    return renamed


def fallbacks(package):
    """Names of the options of providers that Airflow itself has defaults for."""
    parser = configparser.RawConfigParser()
    for path in filter(FALLBACK.match, package.namelist()):
        parser.read_string(package.read(path).decode())
    return [f"{section}.{option}" for section in parser.sections() for option in parser.options(section)]


def kept_secret(package, sensitive, aliases):
    """All that a version calls secret, by whatever name it reads it; until 2.5 the code names it, not the list of options."""
    names = sensitive | {".".join(name) for each in assigned(package, "SENSITIVE_CONFIG_VALUES") for name in each}
    names |= {".".join(name) for each in assigned(package, "sensitive_config_values") for name in each}
    return names | {old for old, new in aliases.items() if new in names}


def replaced(package):
    """{old name: new name, or None} of all that this version's own linter calls renamed or removed."""
    gone = {}
    for node in ast.walk(ast.parse(package.read(CHANGES))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ConfigChange":
            said = {word.arg: word.value for word in node.keywords}
            if "default_change" in said or "is_invalid_if" in said or "remove_if_equals" in said:
                continue
            name, new = (".".join(each.value for each in said[key].args) if key in said else None for key in ("config", "renamed_to"))
            gone[name] = new
    return gone


def merge(by_version):
    """[[first version, value], ...] for each name, where the value changes; a name that is not there has no value: a list with the version alone."""
    names = sorted({name for known in by_version.values() for name in known})
    merged = {}
    for name in names:
        merged[name] = []
        for version, known in by_version.items():
            now = [known[name]] if name in known else []
            before = merged[name][-1][1:] if merged[name] else []
            if now != before:
                merged[name].append([version, *now])
    return merged


def provided(by_version):
    """{section: version} of the sections that left Airflow for a provider with that version, which then reads them, if it is installed."""
    versions = list(by_version)
    before, now = ({name.split(".")[0] for name in by_version[version]} for version in (versions[versions.index(PROVIDED) - 1], PROVIDED))
    return dict.fromkeys(before - now, PROVIDED)


def read(directory):
    """All parts of the table."""
    own, options, aliases, secret, shared = {}, {}, {}, set(), {}
    for version, requirement in RELEASES.items():
        if version in PROVIDERS:
            both = [options_of(provider_config(fetch(each, directory))) for each in PROVIDERS[version]]
            shared = {name: default for known, _hidden in both for name, default in known.items()}
            secret.update(*(hidden for _known, hidden in both))
        package = fetch(requirement, directory)
        own[version], hidden = options_of(yaml.safe_load(package.read(CONFIG)))
        options[version] = {**shared, **own[version]}
        so_far = {name for known in options.values() for name in known}
        aliases[version] = still_read(package, {*so_far, *fallbacks(package)})
        secret |= kept_secret(package, hidden, aliases[version])
    sources = [*RELEASES.values(), *(each for several in PROVIDERS.values() for each in several)]
    return {"sources": sources, "options": merge(options), "aliases": merge(aliases), "replaced": replaced(package),
            "provided": provided(own), "secret": sorted(secret)}


def main():
    with tempfile.TemporaryDirectory() as directory:
        data = read(directory)
    lines = []
    for part, content in data.items():
        if isinstance(content, dict):
            inner = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in sorted(content.items()))
            lines.append(f"{json.dumps(part)}: {{\n{inner}\n}}")
        else:
            lines.append(f"{json.dumps(part)}: {json.dumps(content)}")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
