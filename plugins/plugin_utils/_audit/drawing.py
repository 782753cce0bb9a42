# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: where things lie in the drawing of a cluster, a column for each host and a layer for each tier.

The template draws what is worked out here. Hosts that would be too small on paper side by side are parted into several panels.
"""

from __future__ import annotations

import math

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.places import HOST, placed
from ansible_collections.steady.airflow.plugins.plugin_utils._drill_words import counted

LAYERS = (  # all kinds of services, from top to bottom as requests go
    ("Door", ("keepalived", "haproxy")),
    ("Airflow", ("api_server", "webserver", "flower", "standalone", "scheduler", "dag_processor", "triggerer", "worker")),
    ("Database", ("pgbouncer", "patroni", "postgresql", "mysql", "mariadb", "etcd")),
    ("Broker", ("redis_sentinel", "redis", "rabbitmq")),
    ("Others", ("minio",)),
)
ORDER = tuple(kind for _label, kinds in LAYERS for kind in kinds)
ARROWS = (("Door", "Airflow"), ("Airflow", "Database"), ("Airflow", "Broker"))
COLUMNS = 6  # of a panel
BOX, LOW, HIGH = 156, 26, 42  # width of a box, and its height with one line and with two
GAP, PITCH, MARGIN = 6, 172, 12
TITLE, HEADER, SPACE = 22, 48, 24  # of a layer, of a host, between layers
RAIL = 20  # beside the layers, for an arrow that passes one
FIT = 18  # letters of a host's name


def drawing(hosts, findings):
    """{panels: [{width, height, hosts, layers, boxes, arrows}, ...], elsewhere: findings about nothing that is drawn}

    hosts: {name: its services as M(steady.airflow.audit_info) returns them, or None where it was silent}; findings: as page.grouped returns them.
    A host, a layer and a box have x, y, width, height and label; a host and a box also title, says, and count, severity and link of what was found.
    """
    places, elsewhere = placed(hosts, findings)
    services = {name: [each["kind"] for each in found or ()] for name, found in hosts.items()}
    only = {kind for kind in sum(services.values(), []) if _is_alone(kind, hosts, services)}
    boxes = {(name, kind): _box(name, kind, kinds.count(kind), kind in only, places.get((name, kind), []))
             for name, kinds in services.items() for kind in dict.fromkeys(kinds)}
    heads = {name: _head(name, found is None, places.get((name, HOST), [])) for name, found in hosts.items()}
    return {"panels": [_panel(names, heads, boxes) for names in _parted(list(hosts))], "elsewhere": elsewhere}


def _is_alone(kind, hosts, services):
    """Whether one host has it, though there are several, and none of which that is unknown."""
    return len(hosts) > 1 and None not in hosts.values() and sum(kind in kinds for kinds in services.values()) == 1


def _parted(names):
    """As few panels as will do, each about as wide as the others."""
    panels = math.ceil(len(names) / COLUMNS)
    size = math.ceil(len(names) / panels) if panels else 1
    return [names[start:start + size] for start in range(0, len(names), size)]


def _found(findings):
    """The worst comes first."""
    severity = findings[0]["severity"] if findings else ""
    worst = sum(each["severity"] == severity for each in findings)
    return {"count": len(findings), "severity": severity, "link": findings[0]["id"] if findings else "",
            "says": [counted(worst, severity)] if findings else [], "ids": [each["id"] for each in findings]}


def _box(host, kind, number, alone, findings):
    found = _found(findings)
    words = kind.replace("_", " ")
    says = ["one host"] * alone + found["says"]
    return dict(found, host=host, kind=kind, alone=alone, label=words if number == 1 else "%s ×%d" % (words, number), says=", ".join(says),
                title=": ".join(["%s of %s" % (words, host), ", ".join(["no other host runs it"] * alone + found["ids"]) or "nothing found"]))


def _head(name, silent, findings):
    found = _found(findings)
    says = "silent" if silent else ", ".join(found["says"])
    return dict(found, name=name, label=short(name), silent=silent, says=says, link="unknown" if silent else found["link"],
                title=": ".join([name, "it did not answer" if silent else ", ".join(found["ids"]) or "nothing found of the host itself"]))


def short(name):
    """The first part of a host's name if all of it is too long; of that, both ends."""
    first = name.partition(".")[0] or name
    if len(name) <= FIT:
        return name
    return first + "…" if len(first) < FIT else first[:FIT // 2] + "…" + first[1 - FIT // 2:]


def _layers(boxes):
    """[{label, y, height, rows: {kind: (y, height)}}, ...] of what runs on these hosts, and where the last one ends."""
    present = {kind for _host, kind in boxes}
    layers, y = [], HEADER + GAP
    for label, kinds in LAYERS:
        rows, below = {}, y + TITLE
        for kind in kinds:
            if kind in present:
                height = HIGH if any(box["says"] for (_host, other), box in boxes.items() if other == kind) else LOW
                rows[kind] = (below, height)
                below += height + GAP
        if rows:
            layers.append({"label": label, "y": y, "height": below - y + GAP, "rows": rows})
            y = below + GAP + SPACE
    return layers, max(y - SPACE, HEADER) + GAP


def _panel(names, heads, boxes):
    width = 2 * MARGIN + PITCH * len(names) - (PITCH - BOX)
    columns = {name: MARGIN + PITCH * number for number, name in enumerate(names)}
    here = {spot: box for spot, box in boxes.items() if spot[0] in columns}
    layers, end = _layers(here)
    rows = {kind: row for layer in layers for kind, row in layer["rows"].items()}
    return {
        "width": width + RAIL, "height": end, "names": names, "arrows": _arrows({layer["label"]: layer for layer in layers}, width),
        "hosts": [dict(heads[name], x=x - GAP, y=1, width=BOX + 2 * GAP, height=end - 2) for name, x in columns.items()],
        "layers": [dict(layer, x=1, width=width - 2) for layer in layers],
        "boxes": [dict(box, x=columns[name], y=rows[kind][0], width=BOX, height=rows[kind][1])
                  for (name, kind), box in here.items()],
    }


def _arrows(layers, width):
    """Paths: straight down to the next layer, and around those between to one further below."""
    found, order = [], list(layers)
    for upper, lower in ARROWS:
        if upper not in layers or lower not in layers:
            continue
        above, below = layers[upper], layers[lower]
        if order.index(lower) == order.index(upper) + 1:
            found.append("M%d %d V%d m-5 -6 l5 6 l5 -6" % (width / 2, above["y"] + above["height"], below["y"] - 1))
        else:
            found.append("M%d %d H%d V%d H%d m6 -5 l-6 5 l6 5" % (
                width, above["y"] + above["height"] / 2, width + RAIL / 2, below["y"] + below["height"] / 2, width + 1))
    return found
