"""Random rules and facts for the laws: few courses and values, so that they often meet."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from lti_tool.certification.rules.facts import (
    COURSE_TOTAL,
    CompletionFact,
    EvidenceFact,
    EvidenceKind,
    EvidenceState,
    GradeFact,
    MappedCourse,
    MappingKind,
    UnreadableReason,
    ValidatorRole,
)
from lti_tool.certification.rules.leaves import CompletionLeaf, EvidenceLeaf, GradeLeaf
from lti_tool.certification.rules.leaves.grade import (
    ExcludedPolicy,
    HiddenPolicy,
    MissingPolicy,
    OverriddenPolicy,
    Percent,
    Scale,
)
from lti_tool.certification.rules.leaves.readings import AfterDeadline
from lti_tool.certification.rules.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Effective,
    Mapped,
    Node,
    Route,
    Rule,
)

COURSES = ("A", "B", "C")
SITES = ("moodle-1", "moodle-2")
LABELS = ("Non acquis", "En cours", "Acquis", "Expert")
ROLES = st.frozensets(st.sampled_from(ValidatorRole))

three_valued = st.sampled_from([True, False, None])
moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001 - the strategy adds the zone
    timezones=st.just(UTC),
)
days = st.dates(min_value=date(2025, 1, 1), max_value=date(2028, 1, 1))
numbers = st.decimals(min_value=0, max_value=110, places=5)
bounds = st.sampled_from([(Decimal(0), Decimal(100)), (Decimal(1), Decimal(4)), (None, None)])


@st.composite
def grades(draw: st.DrawFn, course: str, site: str) -> GradeFact:
    grademin, grademax = draw(bounds)
    level = draw(st.integers(1, 4))
    final = draw(st.one_of(st.none(), numbers, st.just(Decimal(level))))
    return GradeFact(
        site=site,
        course=course,
        item=COURSE_TOTAL,
        snapshot_id=f"snapshot-{draw(st.integers(1, 99))}",
        fetched_at=draw(moments),
        final=final,
        grademin=grademin,
        grademax=grademax,
        hidden=draw(three_valued),
        contains_hidden=draw(st.booleans()),
        overridden=draw(three_valued),
        override_confirmed=draw(st.booleans()),
        locked=draw(three_valued),
        excluded=draw(three_valued),
        needs_update=draw(three_valued),
        label=LABELS[level - 1],
        deadline=draw(st.none() | moments),
        unreadable=draw(st.none() | st.sampled_from(UnreadableReason)),
    )


@st.composite
def completions(draw: st.DrawFn, course: str, site: str) -> CompletionFact:
    return CompletionFact(
        site=site,
        course=course,
        snapshot_id="completion",
        fetched_at=draw(moments),
        completed=draw(three_valued),
        deadline=draw(st.none() | moments),
        unreadable=draw(st.none() | st.sampled_from(UnreadableReason)),
    )


@st.composite
def pieces(draw: st.DrawFn, identifier: str) -> EvidenceFact:
    return EvidenceFact(
        id=identifier,
        kind=draw(st.sampled_from(EvidenceKind)),
        state=draw(st.sampled_from(EvidenceState)),
        happened_on=draw(days),
        validated_by=draw(st.sampled_from([None, "person", "trainer"])),
        validator_is_independent=draw(st.booleans()),
        validator_roles=draw(ROLES),
        collective=draw(st.booleans()),
        contribution=draw(st.sampled_from(["", "ma part"])),
    )


@st.composite
def facts_parts(
    draw: st.DrawFn,
) -> tuple[list[GradeFact], list[CompletionFact], list[EvidenceFact], list[MappedCourse]]:
    places = [(course, site) for course in COURSES for site in SITES]
    read = draw(st.lists(st.sampled_from(places), unique=True, max_size=4))
    done = draw(st.lists(st.sampled_from(places), unique=True, max_size=4))
    mapped = draw(st.lists(st.sampled_from(COURSES), unique=True))
    return (
        [draw(grades(course, site)) for course, site in read],
        [draw(completions(course, site)) for course, site in done],
        [draw(pieces(f"e{number}")) for number in range(draw(st.integers(0, 3)))],
        [
            MappedCourse(key, draw(st.sampled_from(MappingKind)), draw(st.sampled_from("gh")))
            for key in mapped
        ],
    )


thresholds = st.one_of(
    st.builds(Percent, st.decimals(0, 100, places=2)),
    st.builds(Scale, st.just(LABELS), st.integers(1, 4)),
)


def leaves(courses: st.SearchStrategy[str | None]) -> st.SearchStrategy[Node]:
    grade = st.builds(
        GradeLeaf,
        course=courses,
        item=st.just(COURSE_TOTAL),
        threshold=thresholds,
        missing=st.sampled_from(MissingPolicy),
        after_deadline=st.sampled_from(AfterDeadline),
        hidden=st.sampled_from(HiddenPolicy),
        overridden=st.sampled_from(OverriddenPolicy),
        excluded=st.sampled_from(ExcludedPolicy),
    )
    completion = st.builds(
        CompletionLeaf, course=courses, after_deadline=st.sampled_from(AfterDeadline)
    )
    evidence = st.builds(
        EvidenceLeaf,
        kind=st.sampled_from(EvidenceKind),
        count=st.integers(1, 3),
        validated_by=ROLES.filter(bool),
        since_months=st.none() | st.integers(1, 24),
    )
    return st.one_of(grade, completion, evidence)


def combinations(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    children = st.lists(nodes, min_size=1, max_size=3).map(tuple)
    at_least = children.flatmap(
        lambda found: st.builds(AtLeast, st.integers(1, len(found)), st.just(found))
    )
    return st.one_of(st.builds(AllOf, children), st.builds(AnyOf, children), at_least)


mapped_nodes = st.builds(Mapped, st.recursive(leaves(st.none()), combinations, max_leaves=3))
trees = st.recursive(leaves(st.sampled_from(COURSES)) | mapped_nodes, combinations, max_leaves=6)


def rule_of(node: Node) -> Rule:
    return Rule(
        code="RMP-ADL-4",
        version=1,
        title="Règle",
        domain="RMP-ADL-4",
        subtheme=None,
        effective=Effective(date(2025, 1, 1)),
        routes={Route.FORMATION: node},
    )


def hidden_again(fact: GradeFact, other: GradeFact) -> GradeFact:
    """Another reading of the same hidden grade: everything may differ but that it is masked."""
    return replace(
        other,
        site=fact.site,
        course=fact.course,
        item=fact.item,
        hidden=fact.hidden,
        contains_hidden=fact.contains_hidden,
        fetched_at=other.fetched_at + timedelta(hours=1),
    )
