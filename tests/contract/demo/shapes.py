"""Shapes: which members a JSON answer has, always or sometimes, and of which types.

A shape is learnt from every recording of a function; an answer of the demo must fit into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_KINDS = {bool: "boolean", int: "number", float: "number", str: "text", type(None): "null"}


@dataclass(slots=True)
class Shape:
    """What was seen at one place of an answer."""

    kinds: set[str] = field(default_factory=set)
    members: dict[str, Shape] = field(default_factory=dict)
    always: set[str] | None = None
    """Members that every object seen here had."""
    item: Shape | None = None

    def learn(self, value: Any) -> None:
        """Add what a value shows."""
        if isinstance(value, dict):
            self.kinds.add("object")
            self.always = set(value) if self.always is None else self.always & set(value)
            for name, one in value.items():
                self.members.setdefault(name, Shape()).learn(one)
        elif isinstance(value, list):
            self.kinds.add("list")
            self.item = self.item or Shape()
            for one in value:
                self.item.learn(one)
        else:
            self.kinds.add(_KINDS[type(value)])

    def misfits(self, value: Any, place: str = "") -> Iterable[str]:
        """Yield what of a value was never seen."""
        if isinstance(value, dict):
            if "object" not in self.kinds:
                yield f"{place}: an object"
            for name in (self.always or set()) - set(value):
                yield f"{place}.{name}: missing"
            for name, one in value.items():
                if name in self.members:
                    yield from self.members[name].misfits(one, f"{place}.{name}")
                else:
                    yield f"{place}.{name}: never recorded"
        elif isinstance(value, list):
            if self.item is None:
                yield f"{place}: a list"
                return
            for one in value:
                yield from self.item.misfits(one, f"{place}[]")
        elif _KINDS[type(value)] not in self.kinds:
            yield f"{place}: {_KINDS[type(value)]}, not {sorted(self.kinds)}"
