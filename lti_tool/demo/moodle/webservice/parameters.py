"""Parameters of web-service functions: PHP's form arrays, and the types that Moodle demands.

``options[0][name]=x`` becomes nested values; a description then checks them. Anything unknown, missing
or of the wrong type is ``invalidparameter``, without saying which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lti_tool.demo.moodle.webservice.errors import invalid_parameter

REQUIRED = object()
MAX_INPUT_VARS = 1000
"""PHP drops the input variables beyond this number without an error."""

_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_INTEGER = re.compile(r"^-?\d+$")


@dataclass(frozen=True, slots=True)
class Int:
    """A whole number."""

    default: Any = REQUIRED

    def read(self, value: Any) -> int:
        """Return the number."""
        if not isinstance(value, str) or not _INTEGER.match(value):
            raise invalid_parameter()
        return int(value)


@dataclass(frozen=True, slots=True)
class Text:
    """Any text."""

    default: Any = REQUIRED

    def read(self, value: Any) -> str:
        """Return the text."""
        if not isinstance(value, str):
            raise invalid_parameter()
        return value


@dataclass(frozen=True, slots=True)
class Many:
    """A list whose members are alike."""

    member: Any
    default: Any = REQUIRED

    def read(self, value: Any) -> list[Any]:
        """Return the list."""
        if not isinstance(value, dict):
            raise invalid_parameter()
        return [self.member.read(one) for one in value.values()]


@dataclass(frozen=True, slots=True)
class Struct:
    """Named values; the description of a whole function is one of these."""

    members: Mapping[str, Any] = field(default_factory=dict)
    default: Any = REQUIRED

    def read(self, value: Any) -> dict[str, Any]:
        """Return the values by name, defaults filled in."""
        if not isinstance(value, dict) or set(value) - set(self.members):
            raise invalid_parameter()
        read = {}
        for name, member in self.members.items():
            if name in value:
                read[name] = member.read(value[name])
            elif member.default is REQUIRED:
                raise invalid_parameter()
            else:
                read[name] = member.default
        return read


def php_form(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the form as PHP reads it: nested by brackets, cut after ``max_input_vars``."""
    form: dict[str, Any] = {}
    for number, (key, value) in enumerate(pairs):
        if number >= MAX_INPUT_VARS:
            break
        match = _KEY.match(key)
        if not match:
            continue
        path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        place = form
        for step in path[:-1]:
            inner = place.setdefault(step or str(len(place)), {})
            if not isinstance(inner, dict):
                inner = place[step] = {}
            place = inner
        place[path[-1] or str(len(place))] = value
    return form
