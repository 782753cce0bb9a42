# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow's metadata database, reached with the settings in airflow.cfg but without importing Airflow."""

import configparser
import os

import psycopg


def url():
    """The database as libpq wants it; the name of the driver is SQLAlchemy's."""
    config = configparser.ConfigParser()
    config.read(os.environ["AIRFLOW_CONFIG"])
    return config["database"]["sql_alchemy_conn"].replace("postgresql+psycopg", "postgresql", 1)


def connect(name):
    return psycopg.connect(url(), autocommit=True, application_name=name)
