#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a plain script needs for the same packages and the same Python environment on one host, as root: no clusters,
# no settings, no checks. The measure for a deployment. Run by tools/bench: bench-plain.sh LOCK UV_LOCK PACKAGE...
set -euo pipefail

lock="$1" uv_lock="$2"
shift 2
export DEBIAN_FRONTEND=noninteractive
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 0755 /usr/sbin/policy-rc.d
apt-get update -qq
apt-get install -y -qq --no-install-recommends "$@"
python3 -m venv /opt/plain/uv
export PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
/opt/plain/uv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r "$uv_lock"
/opt/plain/uv/bin/uv venv --quiet --python /usr/bin/python3 /opt/plain/airflow
/opt/plain/uv/bin/uv pip install --quiet --python /opt/plain/airflow/bin/python --require-hashes --link-mode copy \
  --compile-bytecode -r "$lock"
