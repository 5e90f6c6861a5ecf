"""A place in the YAML of a rule, which reads typed values and knows its line.

The only module that imports PyYAML. It works on YAML's nodes, never on constructed objects: lines
are kept, tags build nothing, `No` stays a text and `060` a number.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

import yaml

from lti_tool.certification.rules.parser.errors import RuleError, RuleErrorCode

E = TypeVar("E", bound=StrEnum)

MAX_CHARACTERS = 64_000
MAX_DEPTH = 40
_LONGEST_FOUND = 60
_STRINGS = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"


class Cursor:
    """One node of the YAML and its address in the rule."""

    def __init__(self, node: yaml.Node, where: str) -> None:
        self._node = node
        self._where = where

    @classmethod
    def over(cls, text: str) -> "Cursor":
        """Return the cursor of the whole document.

        Raises:
            RuleError: if the text is not YAML, is too large or too deep, or has aliases.
        """
        if len(text) > MAX_CHARACTERS:
            raise RuleError(1, RuleErrorCode.TOO_LARGE, f"<= {MAX_CHARACTERS} characters")
        try:
            _check_events(text)
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            problem = (error.problem or "")[:_LONGEST_FOUND]
            raise RuleError(line, RuleErrorCode.SYNTAX, "YAML", found=problem) from error
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise RuleError(line, RuleErrorCode.SYNTAX, "printable characters") from error
        if node is None:
            raise RuleError(1, RuleErrorCode.WRONG_TYPE, "a mapping")
        return cls(node, "")

    def error(self, code: RuleErrorCode, expected: str) -> RuleError:
        """Return an error at this place."""
        found = self._node.value if isinstance(self._node, yaml.ScalarNode) else ""
        return RuleError(
            self._node.start_mark.line + 1,
            code,
            expected,
            where=self._where,
            found=found[:_LONGEST_FOUND],
        )

    def fields(
        self, required: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, "Cursor"]:
        """Return the values of a mapping by key; unknown, missing and double keys are refused."""
        found: dict[str, Cursor] = {}
        for key, value in self._pairs():
            name = key.text()
            if name not in required and name not in optional:
                expected = " | ".join((*required, *optional)) or "{}"
                raise key.error(RuleErrorCode.UNKNOWN_KEY, expected)
            if name in found:
                raise key.error(RuleErrorCode.DUPLICATE_KEY, f"{name}, once")
            found[name] = value
        for name in required:
            if name not in found:
                raise self.error(RuleErrorCode.MISSING_KEY, name)
        return found

    def only_field(self, names: Collection[str]) -> tuple[str, "Cursor"]:
        """Return the key and value of a mapping that has one key, among `names`."""
        found = self.fields((), names)
        if len(found) != 1:
            raise self.error(RuleErrorCode.WRONG_TYPE, "one key: " + " | ".join(names))
        return next(iter(found.items()))

    def items(self) -> list["Cursor"]:
        """Return the items of a list that has at least one."""
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.error(RuleErrorCode.WRONG_TYPE, "a list")
        if not self._node.value:
            raise self.error(RuleErrorCode.BAD_VALUE, "at least one item")
        return [
            Cursor(item, f"{self._where}[{position}]")
            for position, item in enumerate(self._node.value)
        ]

    def one_or_more(self) -> list["Cursor"]:
        """Return the items of a list, or this very value alone."""
        return self.items() if isinstance(self._node, yaml.SequenceNode) else [self]

    def is_mapping(self) -> bool:
        """Return whether a mapping stands here."""
        return isinstance(self._node, yaml.MappingNode)

    def is_null(self) -> bool:
        """Return whether null stands here."""
        return self._node.tag == _NULL

    def text(self) -> str:
        """Return a text that is not blank."""
        value = self._scalar("a text")
        if self.is_null() or not value.strip():
            raise self.error(RuleErrorCode.BAD_VALUE, "a text")
        return value.strip()

    def matching(self, pattern: str, expected: str) -> str:
        """Return a text that the pattern describes whole."""
        value = self.text()
        if not re.fullmatch(pattern, value):
            raise self.error(RuleErrorCode.BAD_VALUE, expected)
        return value

    def choice(self, options: type[E]) -> E:
        """Return one of the values of an enumeration."""
        value = self._scalar(" | ".join(options))
        if value not in list(options):
            raise self.error(RuleErrorCode.BAD_VALUE, " | ".join(options))
        return options(value)

    def number(self, low: int, high: int) -> Decimal:
        """Return an exact number between two bounds, both included."""
        expected = f"a number, {low} … {high}"
        value = self._scalar(expected)
        if self._node.tag == _STRINGS or not re.fullmatch(r"-?\d{1,9}(?:\.\d{1,9})?", value):
            raise self.error(RuleErrorCode.BAD_VALUE, expected)
        if not low <= Decimal(value) <= high:
            raise self.error(RuleErrorCode.BAD_VALUE, expected)
        return Decimal(value)

    def integer(self, low: int, high: int) -> int:
        """Return a whole number between two bounds, both included."""
        value = self.number(low, high)
        if value != value.to_integral_value():
            raise self.error(RuleErrorCode.BAD_VALUE, f"a whole number, {low} … {high}")
        return int(value)

    def day(self) -> date:
        """Return a day written as 2026-09-01."""
        value = self.matching(r"\d{4}-\d{2}-\d{2}", "YYYY-MM-DD")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.error(RuleErrorCode.BAD_VALUE, "YYYY-MM-DD") from None

    def months(self) -> int:
        """Return a duration of whole months, at least one, written in ISO 8601: P18M, P1Y6M."""
        value = self.matching(r"P(?=\d)(?:\d{1,2}Y)?(?:\d{1,3}M)?", "P18M | P2Y | P1Y6M")
        years = re.search(r"(\d+)Y", value)
        months = re.search(r"(\d+)M", value)
        total = 12 * int(years[1] if years else 0) + int(months[1] if months else 0)
        if not total:
            raise self.error(RuleErrorCode.BAD_VALUE, "P18M | P2Y | P1Y6M")
        return total

    def _scalar(self, expected: str) -> str:
        if not isinstance(self._node, yaml.ScalarNode):
            raise self.error(RuleErrorCode.WRONG_TYPE, expected)
        return str(self._node.value)

    def _pairs(self) -> Iterator[tuple["Cursor", "Cursor"]]:
        if not isinstance(self._node, yaml.MappingNode):
            raise self.error(RuleErrorCode.WRONG_TYPE, "a mapping")
        for key, value in self._node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            where = f"{self._where}.{name}" if self._where else name
            yield Cursor(key, where), Cursor(value, where)


def _check_events(text: str) -> None:
    """Refuse aliases and depth before anything recursive reads the text."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise RuleError(line, RuleErrorCode.ALIAS, "no & and no *")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise RuleError(line, RuleErrorCode.TOO_DEEP, f"<= {MAX_DEPTH} levels")
