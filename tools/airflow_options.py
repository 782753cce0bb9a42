# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes roles/audit/files/airflow_options.json: which options each minor version of Airflow knows, and their defaults.

Usage: airflow_options.py    reads the packages of all versions from the index that pip is told to use

The packages are opened, and none of their code runs: options are data in them, and what was renamed is a dictionary that can be read.
"""

from __future__ import annotations

import ast
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[1]
TARGET = ROOT / "roles/audit/files/airflow_options.json"
# The last release of each minor version, and the providers whose options an installation with Celery has.
RELEASES = {
    "2.9": ["apache-airflow==2.9.3"],
    "2.10": ["apache-airflow==2.10.5"],
    "2.11": ["apache-airflow==2.11.2"],
    "3.0": ["apache-airflow-core==3.0.6"],
    "3.1": ["apache-airflow-core==3.1.8"],
    "3.2": ["apache-airflow-core==3.2.2"],
    "3.3": ["apache-airflow-core==3.3.2"],
}
PROVIDERS = ["apache-airflow-providers-celery==3.26.0", "apache-airflow-providers-fab==3.10.2"]
CONFIG = "airflow/config_templates/config.yml"
RENAMES = re.compile(r"airflow/(configuration|_shared/configuration/parser)\.py$")
CHANGES = "airflow/cli/commands/config_command.py"


def fetch(requirement, directory):
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", directory, requirement], check=True)
    name = requirement.replace("-", "_").replace("==", "-")
    return zipfile.ZipFile(next(pathlib.Path(directory).glob(f"{name}-*.whl")))


def options_of(config):
    """{"section.option": default, as text, or None} and the names of those that are secret."""
    known, secret = {}, set()
    for section, content in config.items():
        for option, described in content["options"].items():
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


def assigned(tree, name):
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == name]


def still_read(package):
    """{old name: new name} of what this version reads by its old name, too."""
    renamed = {}
    for path in filter(RENAMES.match, package.namelist()):
        tree = ast.parse(package.read(path))
        for value in assigned(tree, "deprecated_options"):
            for new, (section, option, _since) in ast.literal_eval(value).items():
                renamed[f"{section}.{option}"] = ".".join(new)
    return renamed


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


def main():
    options, aliases, secret = {}, {}, set()
    with tempfile.TemporaryDirectory() as directory:
        shared = {}
        for requirement in PROVIDERS:
            known, hidden = options_of(provider_config(fetch(requirement, directory)))
            shared.update(known)
            secret |= hidden
        for version, requirements in RELEASES.items():
            [package] = [fetch(requirement, directory) for requirement in requirements]
            known, hidden = options_of(yaml.safe_load(package.read(CONFIG)))
            options[version] = {**shared, **known}
            aliases[version] = still_read(package)
            secret |= hidden
        gone = replaced(package)
    data = {
        "sources": [one for requirements in RELEASES.values() for one in requirements] + PROVIDERS,
        "options": merge(options), "aliases": merge(aliases), "replaced": gone, "secret": sorted(secret),
    }
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
