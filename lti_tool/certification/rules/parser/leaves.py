"""Readers of the leaves: the keys that each leaf accepts, and their defaults."""

from collections.abc import Callable

from lti_tool.certification.rules.facts import (
    COURSE_TOTAL,
    EvidenceKind,
    ValidatorRole,
    idnumber_key,
)
from lti_tool.certification.rules.leaves import CompletionLeaf, EvidenceLeaf, GradeLeaf, Leaf
from lti_tool.certification.rules.leaves.grade import (
    ExcludedPolicy,
    HiddenPolicy,
    MissingPolicy,
    OverriddenPolicy,
    Percent,
    Scale,
)
from lti_tool.certification.rules.leaves.readings import AfterDeadline
from lti_tool.certification.rules.parser.cursor import Cursor, E
from lti_tool.certification.rules.parser.errors import RuleErrorCode

MAPPED_COURSE = "mapped"
"""What `course:` says, or leaves unsaid, for the courses mapped to the domain."""


def _grade(cursor: Cursor) -> GradeLeaf:
    fields = cursor.fields(
        required=("item", "unit", "min"),
        optional=(
            "course",
            "scale",
            "missing",
            "after_deadline",
            "hidden",
            "overridden",
            "excluded",
        ),
    )
    return GradeLeaf(
        course=_course(fields),
        item=_item(fields["item"]),
        threshold=_threshold(fields),
        missing=_policy(fields, "missing", MissingPolicy.PENDING),
        after_deadline=_policy(fields, "after_deadline", AfterDeadline.FAIL),
        hidden=_policy(fields, "hidden", HiddenPolicy.PENDING),
        overridden=_policy(fields, "overridden", OverriddenPolicy.FLAG),
        excluded=_policy(fields, "excluded", ExcludedPolicy.PENDING),
    )


def _completion(cursor: Cursor) -> CompletionLeaf:
    fields = cursor.fields(required=(), optional=("course", "after_deadline"))
    return CompletionLeaf(
        course=_course(fields),
        after_deadline=_policy(fields, "after_deadline", AfterDeadline.FAIL),
    )


def _evidence(cursor: Cursor) -> EvidenceLeaf:
    fields = cursor.fields(
        required=("type", "count", "validated_by"), optional=("since", "independent_of")
    )
    if "independent_of" in fields:
        # Said for the reader: independence holds for every evidence, and nothing waives it.
        fields["independent_of"].matching("author", "author")
    return EvidenceLeaf(
        kind=fields["type"].choice(EvidenceKind),
        count=fields["count"].integer(1, 99),
        validated_by=frozenset(
            role.choice(ValidatorRole) for role in fields["validated_by"].one_or_more()
        ),
        since_months=fields["since"].months() if "since" in fields else None,
    )


LEAF_READERS: dict[str, Callable[[Cursor], Leaf]] = {
    "grade": _grade,
    "completion": _completion,
    "evidence": _evidence,
}


def _course(fields: dict[str, Cursor]) -> str | None:
    name = fields["course"].text() if "course" in fields else MAPPED_COURSE
    return None if name == MAPPED_COURSE else name


def _item(cursor: Cursor) -> str:
    if cursor.is_mapping():
        return idnumber_key(cursor.fields(required=("idnumber",))["idnumber"].text())
    return cursor.matching(COURSE_TOTAL, f"{COURSE_TOTAL} | {{idnumber: …}}")


def _threshold(fields: dict[str, Cursor]) -> Percent | Scale:
    unit = fields["unit"].matching("percent|scale", "percent | scale")
    scale = fields.get("scale")
    if unit == "percent":
        if scale is not None:
            raise scale.error(RuleErrorCode.UNKNOWN_KEY, "no scale with unit: percent")
        return Percent(fields["min"].number(0, 100))
    if scale is None:
        raise fields["unit"].error(RuleErrorCode.MISSING_KEY, "scale")
    labels: list[str] = []
    for item in scale.items():
        label = item.text()
        if label in labels:
            raise item.error(RuleErrorCode.BAD_VALUE, "each level once")
        labels.append(label)
    minimum = fields["min"].text()
    if minimum not in labels:
        raise fields["min"].error(RuleErrorCode.BAD_VALUE, " | ".join(labels))
    return Scale(tuple(labels), labels.index(minimum) + 1)


def _policy(fields: dict[str, Cursor], name: str, default: E) -> E:
    return fields[name].choice(type(default)) if name in fields else default
