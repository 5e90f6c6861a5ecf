"""Errors in the text of a rule: where, what is wrong, and what was expected there.

The sentence for the person is written on the web side, from the code.
"""

from enum import StrEnum


class RuleErrorCode(StrEnum):
    """What is wrong; the values are stable."""

    SYNTAX = "syntax"
    """Not YAML; `found` is what the YAML reader says."""
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    ALIAS = "alias"
    """Anchors and aliases are refused: a rule reads from top to bottom."""
    DUPLICATE_KEY = "duplicate_key"
    UNKNOWN_KEY = "unknown_key"
    MISSING_KEY = "missing_key"
    WRONG_TYPE = "wrong_type"
    """A list where a text was expected, for example."""
    BAD_VALUE = "bad_value"


class RuleError(ValueError):
    """A line of a rule that cannot be understood.

    Attributes:
        line: line in the text, from 1.
        code: what is wrong.
        expected: what the rule language expects there, in its own words (`percent | scale`).
        where: address in the rule, such as `routes.formation.all[0].grade.min`.
        found: what stands there, if it is short.
    """

    def __init__(
        self, line: int, code: RuleErrorCode, expected: str, *, where: str = "", found: str = ""
    ) -> None:
        super().__init__(f"line {line}: {where or 'rule'}: {code.value}; expected {expected}")
        self.line = line
        self.code = code
        self.expected = expected
        self.where = where
        self.found = found
