# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: secrets that all hosts must share, and doors that stand open."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book

BOOK = Book("airflow")
FERNET_LENGTH = 44  # characters of one key
HS512_BYTES = 64
SIGNING = ("core.fernet_key", "webserver.secret_key", "api.secret_key", "api_auth.jwt_secret")


@BOOK.rule(
    "airflow-fernet-unset", "error", "No common key for connections",
    why="Without core.fernet_key each host makes its own at the first command, or stores passwords of connections in the clear. What one host "
        "has written, another one cannot read.",
    remedy="make one key for all hosts, and set core.fernet_key")
def fernet_unset(configuration):
    if configuration.secret("core.fernet_key") is None:
        yield "core.fernet_key is not set"


@BOOK.rule(
    "airflow-fernet-form", "error", "A key that is none",
    why="A Fernet key is 32 bytes in url-safe base64, 44 characters; several are separated by commas. With another one nothing can be decrypted.",
    remedy="make one with cryptography.fernet.Fernet.generate_key()")
def fernet_form(configuration):
    key = configuration.secret("core.fernet_key")
    if key and (key["length"] + 1) % (FERNET_LENGTH + 1):
        yield "core.fernet_key has %d characters" % key["length"]


@BOOK.rule(
    "airflow-secret-known", "error", "A secret that everybody knows",
    why="It is a word of guides or a placeholder. Who guesses it reads all connections, or logs in as whoever he likes.",
    remedy="make a random one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))', and for core.fernet_key "
           "cryptography.fernet.Fernet.generate_key()")
def secret_known(configuration):
    for name in SIGNING:
        if configuration.options.has(name) and (configuration.secret(name) or {}).get("known"):
            yield "%s is one that guides have, or a placeholder" % name


@BOOK.rule(
    "airflow-api-secret-unset", "error", "Sessions and logs end at the next host",
    why="api.secret_key signs sessions, and what an API server asks workers for logs with. Unset it is drawn anew by each process, so people "
        "are logged out by the load balancer's next choice, and logs are refused.",
    remedy="make one key for all hosts, and set api.secret_key", since="3.0")
def api_secret(configuration):
    if configuration.secret("api.secret_key") is None:
        yield "api.secret_key is not set"


@BOOK.rule(
    "airflow-webserver-secret-unset", "error", "Sessions and logs end at the next host",
    why="webserver.secret_key signs sessions, and what a web server asks workers for logs with. Unset it is drawn anew by each process.",
    remedy="make one key for all hosts, and set webserver.secret_key", until="3.0")
def webserver_secret(configuration):
    if configuration.secret("webserver.secret_key") is None:
        yield "webserver.secret_key is not set"


@BOOK.rule(
    "airflow-jwt-unset", "error", "No task may talk to the API",
    why="Schedulers sign the tasks' tokens, and API servers check them. Unset, each process draws its own secret, and every task fails within a second.",
    remedy="make one secret of 64 bytes or more for all hosts and set api_auth.jwt_secret, or give a key in api_auth.jwt_private_key_path", since="3.0")
def jwt_unset(configuration):
    if configuration.secret("api_auth.jwt_secret") is None and not configuration.text("api_auth.jwt_private_key_path"):
        yield "neither api_auth.jwt_secret nor api_auth.jwt_private_key_path is set"


@BOOK.rule(
    "airflow-jwt-short", "warning", "A short secret for tokens",
    why="Tokens are signed with HS512, whose secret should have 64 bytes. Who guesses it may call the API as any task.",
    remedy="make a secret of 64 bytes or more: `openssl rand -base64 64`", since="3.0")
def jwt_short(configuration):
    secret = configuration.secret("api_auth.jwt_secret")
    if secret and secret["length"] < HS512_BYTES:
        yield "api_auth.jwt_secret has %d characters" % secret["length"]


@BOOK.rule(
    "airflow-simple-auth", "error", "Another password on each host",
    why="SimpleAuthManager is for development. It makes passwords anew on each host and keeps them in a file there, so a login is good on one of them.",
    remedy="set core.auth_manager to FabAuthManager or to another one that keeps its users in the database or elsewhere", since="3.0")
def simple_auth(configuration):
    if (configuration.text("core.auth_manager") or "").endswith("SimpleAuthManager"):
        yield "core.auth_manager is SimpleAuthManager%s" % ("" if configuration.is_given("core.auth_manager") else ", its default")


@BOOK.rule(
    "airflow-all-admins", "error", "Everybody is an administrator",
    why="core.simple_auth_manager_all_admins lets in whoever comes, without a password.", remedy="remove it", since="3.0")
def all_admins(configuration):
    if configuration.flag("core.simple_auth_manager_all_admins"):
        yield "core.simple_auth_manager_all_admins is on"


@BOOK.rule(
    "airflow-api-open", "error", "An API for everybody",
    why="airflow.api.auth.backend.default asks nobody who they are.", remedy="use the session or basic_auth backend", until="3.0")
def api_open(configuration):
    name = "api.auth_backends" if configuration.version >= (2, 3) else "api.auth_backend"
    if "airflow.api.auth.backend.default" in (configuration.text(name) or ""):
        yield "%s has airflow.api.auth.backend.default" % name


@BOOK.rule(
    "airflow-web-open", "error", "A UI for everybody",
    why="Airflow 1 asks nobody who they are unless webserver.rbac or webserver.authenticate says so.", remedy="set webserver.rbac to True", until="2.0")
def web_open(configuration):
    if not configuration.flag("webserver.rbac") and not configuration.flag("webserver.authenticate"):
        yield "neither webserver.rbac nor webserver.authenticate is on"


@BOOK.rule(
    "airflow-public-role", "error", "Strangers with rights",
    why="Who is not logged in has the rights of this role.", remedy="remove fab.auth_role_public, or let it name a role that may only read what all may see",
    since="2.9")
def public_role(configuration):
    if (configuration.text("fab.auth_role_public") or "").strip().lower() in ("admin", "op", "user"):
        yield "fab.auth_role_public is %s" % configuration.text("fab.auth_role_public")


@BOOK.rule(
    "airflow-expose-config", "warning", "The configuration is shown",
    why="Everybody who may see the configuration page reads passwords from it.", remedy="set api.expose_config (before 3.0 webserver.expose_config) to False")
def expose_config(configuration):
    name = "api.expose_config" if configuration.version >= (3, 0) else "webserver.expose_config"
    if (configuration.text(name) or "").strip().lower() in ("true", "t", "1"):
        yield "%s is on" % name


@BOOK.rule(
    "airflow-expose-stacktrace", "note", "Errors show the code",
    why="A stack trace tells strangers about paths, versions and data.", remedy="set api.expose_stacktrace (before 3.0 webserver.expose_stacktrace) to False")
def expose_stacktrace(configuration):
    name = "api.expose_stacktrace" if configuration.version >= (3, 0) else "webserver.expose_stacktrace"
    if configuration.flag(name):
        yield "%s is on" % name


@BOOK.rule(
    "airflow-origins", "warning", "Every web page may call the API",
    why="With * a page of anybody's, open in a person's browser, may read the API's answers.", remedy="name the origins that need it in "
        "api.access_control_allow_origins", since="2.1")
def origins(configuration):
    if "*" in (configuration.text("api.access_control_allow_origins") or "").split():
        yield "api.access_control_allow_origins is *"


@BOOK.rule(
    "airflow-test-connection", "note", "People may let Airflow connect anywhere",
    why="Testing a connection lets who may edit it reach whatever the host reaches, with what the host knows.",
    remedy="set core.test_connection to Disabled", since="2.7")
def test_connection(configuration):
    if (configuration.text("core.test_connection") or "") == "Enabled":
        yield "core.test_connection is Enabled"


@BOOK.rule(
    "airflow-xcom-pickling", "warning", "Data that runs",
    why="Reading a pickled XCom runs what it says, so who may write an XCom may run code wherever it is read.",
    remedy="set core.enable_xcom_pickling to False", until="3.0")
def xcom_pickling(configuration):
    if configuration.flag("core.enable_xcom_pickling"):
        yield "core.enable_xcom_pickling is on"


@BOOK.rule(
    "airflow-secrets-masked", "warning", "Secrets appear in logs",
    why="Airflow replaces passwords of connections in logs and pages by asterisks, unless it is told not to.",
    remedy="set core.hide_sensitive_var_conn_fields to True")
def masked(configuration):
    if configuration.flag("core.hide_sensitive_var_conn_fields") is False:
        yield "core.hide_sensitive_var_conn_fields is off"


@BOOK.rule(
    "airflow-flower-open", "note", "Flower asks nobody who they are",
    why="If Flower runs, whoever reaches it may stop workers and read messages.", remedy="set celery.flower_basic_auth, or do without Flower")
def flower(configuration):
    if configuration.is_given("celery.flower_host") and configuration.secret("celery.flower_basic_auth") is None:
        yield "celery.flower_basic_auth is not set"
