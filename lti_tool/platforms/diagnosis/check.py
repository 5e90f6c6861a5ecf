"""One thing looked at, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How sure and how serious, in the order in which a person should read."""

    PROBLEM = "problem"
    """Seen, and something does not work."""
    SUPPOSED = "supposed"
    """Not seen from here: what was seen lets one suppose it."""
    WARNING = "warning"
    """Seen; part of the work may suffer, or will one day."""
    UNKNOWN = "unknown"
    """Could not be looked at."""
    OK = "ok"


class Who(StrEnum):
    """Who can do what is to be done."""

    NOBODY = "nobody"
    COORDINATION = "coordination"
    MOODLE = "moodle"
    SERVERS = "servers"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Check:
    """What was found of one thing, in the language of the reader."""

    level: Level
    title: str
    why: str = ""
    """What it breaks, or what makes it be supposed."""
    remedy: str = ""
    who: Who = Who.NOBODY
    code: str = ""
    """A code to quote; also what tells checks apart in tests."""
