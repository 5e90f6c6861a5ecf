"""Loads every room's tables, so that metadata is whole for migrations and tests.

Rooms are named, not imported at the top: this ground floor depends on none of them.
"""

from __future__ import annotations

from importlib import import_module

from sqlalchemy import MetaData

from lti_tool.store.base import Base

ROOMS = (
    "journal",
    "jobs",
    "platforms",
    "people",
    "partners",
    "referential",
    "lti",
    "grades",
    "grades.watching",
    "certification",
    "credentials",
    "anchoring",
)


def whole_metadata() -> MetaData:
    """Return the metadata with every table of the application in it."""
    for room in ROOMS:
        import_module(f"lti_tool.{room}.models")
    return Base.metadata
