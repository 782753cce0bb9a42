# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a database lacks, told from what PostgreSQL 17 said of itself before, while and after an account was replaced."""
from __future__ import annotations

import copy
import json

import pytest

from ansible_collections.steady.airflow.plugins.module_utils import _postgresql
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

PASSWORDS = {"airflow": "first password", "airflow_2": "second password"}
SETTINGS = {"idle_in_transaction_session_timeout": "60s"}


def recorded(name):
    return json.loads((FIXTURES / "postgresql" / (name + ".json")).read_text(encoding="utf-8"))["seen"]


def wish(user="airflow", **changed):
    return dict({"name": "airflow", "owner": "airflow", "user": user, "password": PASSWORDS[user], "settings": SETTINGS}, **changed)


def encrypt(password, user):
    return "secret of %s" % user


def sentences(seen, user="airflow", **changed):
    return [step[0] for step in _postgresql.steps(wish(user, **changed), seen, encrypt)]


@pytest.mark.parametrize("case, user", [("first", "airflow"), ("both", "airflow_2"), ("second", "airflow_2")])
def test_nothing_is_missing_where_all_is_as_wanted(case, user):
    assert not sentences(recorded(case), user)


def test_a_new_cluster_gets_everything_in_order():
    seen = recorded("first")
    del seen["roles"]["airflow"], seen["databases"]["airflow"]
    assert sentences(seen) == [
        "create account airflow", "create database airflow", "set idle_in_transaction_session_timeout of airflow",
        "give airflow its password"]


def test_a_second_account_acts_as_the_owner():
    steps = list(_postgresql.steps(wish("airflow_2"), recorded("first"), encrypt))
    assert [step[0] for step in steps] == [
        "create account airflow_2", "let airflow_2 act as airflow", "set idle_in_transaction_session_timeout of airflow_2",
        "set role of airflow_2", "give airflow_2 its password"]
    assert steps[-1][1:] == ("ALTER ROLE {} LOGIN PASSWORD %s", ["airflow_2"], ["secret of airflow_2"])


def test_the_first_account_may_come_back():
    assert sentences(recorded("second")) == ["give airflow its password"]


def test_another_password_is_set():
    assert sentences(recorded("first"), password="first passwort") == ["give airflow its password"]


def test_a_database_of_somebody_else_is_handed_over():
    seen = recorded("first")
    seen["databases"]["airflow"] = "postgres"
    assert sentences(seen) == ["give database airflow to airflow"]


@pytest.mark.parametrize("case, user, expected", [
    ("first", "airflow", {}),
    ("both", "airflow_2", {"airflow": ["127.0.0.1"]}),
    ("second", "airflow_2", {}),
])
def test_former_accounts_are_told_with_those_who_use_them(case, user, expected):
    assert _postgresql.former(wish(user), recorded(case)) == expected


@pytest.mark.parametrize("name", ["postgres", "airflows", "reader"])
def test_accounts_with_other_names_are_nobodys_former_ones(name):
    seen = recorded("first")
    seen["roles"][name] = copy.deepcopy(seen["roles"]["airflow"])
    assert name not in _postgresql.former(wish(), seen)


def test_a_password_is_told_by_what_postgresql_keeps_of_it():
    secret = recorded("first")["roles"]["airflow"]["secret"]
    assert secret.startswith("SCRAM-SHA-256$4096:")
    assert _postgresql.fits("first password", secret)
    assert not _postgresql.fits("first passwort", secret)


@pytest.mark.parametrize("secret", [None, "", "md5c7a3b1", "SCRAM-SHA-256$many:c2FsdA==$a:b", "SCRAM-SHA-256$4096:c2FsdA==$a:b"])
def test_what_is_no_scram_secret_fits_nothing(secret):
    assert not _postgresql.fits("first password", secret)
