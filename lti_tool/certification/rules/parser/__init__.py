"""YAML text of a rule → `Rule` (specification §3.1).

Whatever is not understood is refused, with its line and what was expected: a rule decides about
people, so no key is ever ignored.
"""

from types import MappingProxyType

from lti_tool.certification.rules.leaves import CompletionLeaf, GradeLeaf
from lti_tool.certification.rules.model import (
    EACH_DOMAIN,
    AllOf,
    AnyOf,
    AtLeast,
    Effective,
    Mapped,
    Node,
    Route,
    Rule,
)
from lti_tool.certification.rules.parser.cursor import Cursor
from lti_tool.certification.rules.parser.errors import RuleError, RuleErrorCode
from lti_tool.certification.rules.parser.leaves import LEAF_READERS

__all__ = ["RuleError", "RuleErrorCode", "parse_rule"]

_DOMAIN = rf"{EACH_DOMAIN}|RMP-ADL-(?:[1-9]|1[0-5])"
_SUBTHEME = r"[a-z0-9]+(?:[-_][a-z0-9]+)*"
_WITH_SUBTHEMES = "RMP-ADL-3"


def parse_rule(text: str) -> Rule:
    """Return the rule written in `text`.

    Raises:
        RuleError: at the first line that cannot be understood.
    """
    fields = Cursor.over(text).fields(
        required=("rule", "version", "title", "domain", "effective", "routes"),
        optional=("subtheme",),
    )
    domain = fields["domain"].matching(_DOMAIN, "each | RMP-ADL-1 … RMP-ADL-15")
    subtheme = fields.get("subtheme")
    if subtheme is not None and domain != _WITH_SUBTHEMES:
        raise subtheme.error(RuleErrorCode.BAD_VALUE, f"no subtheme outside {_WITH_SUBTHEMES}")
    return Rule(
        code=fields["rule"].matching(r"[A-Z0-9]+(?:-[A-Z0-9]+)*", "A-Z 0-9 -"),
        version=fields["version"].integer(1, 9999),
        title=fields["title"].text(),
        domain=domain,
        subtheme=None if subtheme is None else subtheme.matching(_SUBTHEME, "a-z 0-9 - _"),
        effective=_effective(fields["effective"]),
        routes=_routes(fields["routes"]),
    )


def _effective(cursor: Cursor) -> Effective:
    fields = cursor.fields(required=("from",), optional=("to",))
    valid_from = fields["from"].day()
    end = fields.get("to")
    valid_to = None if end is None or end.is_null() else end.day()
    if end is not None and valid_to is not None and valid_to < valid_from:
        raise end.error(RuleErrorCode.BAD_VALUE, f"null | >= {valid_from.isoformat()}")
    return Effective(valid_from, valid_to)


def _routes(cursor: Cursor) -> MappingProxyType[Route, Node]:
    names = [route.value for route in Route]
    fields = cursor.fields(required=(), optional=names)
    if not fields:
        raise cursor.error(RuleErrorCode.MISSING_KEY, " | ".join(names))
    return MappingProxyType({Route(name): _node(found) for name, found in fields.items()})


def _node(cursor: Cursor, *, mapped: bool = False) -> Node:
    """Read a node; `mapped` says that it stands under the mapped courses already."""
    name, body = cursor.only_field(("all", "any", "at_least", "mapped", *LEAF_READERS))
    if name in LEAF_READERS:
        leaf = LEAF_READERS[name](body)
        needs_course = isinstance(leaf, GradeLeaf | CompletionLeaf) and leaf.course is None
        return Mapped(leaf) if needs_course and not mapped else leaf
    if name == "mapped":
        if mapped:
            raise body.error(RuleErrorCode.BAD_VALUE, "mapped, once on the way to a leaf")
        return Mapped(_node(body, mapped=True))
    if name == "at_least":
        fields = body.fields(required=("k", "of"))
        children = _nodes(fields["of"], mapped)
        return AtLeast(fields["k"].integer(1, len(children)), children)
    return (AllOf if name == "all" else AnyOf)(_nodes(body, mapped))


def _nodes(cursor: Cursor, mapped: bool) -> tuple[Node, ...]:
    return tuple(_node(item, mapped=mapped) for item in cursor.items())
