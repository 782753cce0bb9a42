# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow works with PyMySQL, but does not begin before it has seen mysqlclient, which is a library of C. This is what it looks at.

A mysqlclient in Airflow's environment comes before this file.
"""

import sys
import types

converters = sys.modules["MySQLdb.converters"] = types.ModuleType("MySQLdb.converters")
converters.conversions, converters.DateTime2literal = {}, None
