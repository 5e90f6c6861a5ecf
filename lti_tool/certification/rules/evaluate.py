"""Evaluation of a rule on facts: the walk down the tree, and nothing of what each leaf means.

Pure: the same rule, facts, route and moment give the same decision, whatever the order of facts.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from lti_tool.certification.rules.criteria import Criterion, Kind, combine
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.facts import Facts, MappedCourse, MappingKind
from lti_tool.certification.rules.leaves import (
    CompletionLeaf,
    EvidenceLeaf,
    GradeLeaf,
    completion,
    evidence,
    grade,
)
from lti_tool.certification.rules.model import (
    EACH_DOMAIN,
    AllOf,
    AnyOf,
    AtLeast,
    Mapped,
    Node,
    Route,
    Rule,
)

F = TypeVar("F")


def evaluate(rule: Rule, facts: Facts, route: Route, at: datetime) -> Decision:
    """Return what the rule says of the person at that moment.

    Raises:
        ValueError: if the rule has no such route, is published for each domain and was not given
            one (`Rule.for_domain`), or if the moment has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("the moment of an evaluation carries its time zone")
    if rule.domain == EACH_DOMAIN:
        raise ValueError(f"rule {rule.code} is for each domain: give it one first")
    if route not in rule.routes:
        raise ValueError(f"rule {rule.code} has no route {route.value}")
    moment = at.astimezone(UTC)
    root = _Walk(facts, moment).criterion(rule.routes[route], "", None)
    return Decision(
        rule=rule.code,
        version=rule.version,
        title=rule.title,
        domain=rule.domain,
        subtheme=rule.subtheme,
        route=route,
        at=moment,
        root=root,
    )


class _Walk:
    """One descent of the tree for one person at one moment."""

    def __init__(self, facts: Facts, at: datetime) -> None:
        self._facts = facts
        self._at = at

    def criterion(self, node: Node, path: str, scope: str | None) -> Criterion:
        """Return the criterion of a node; `scope` is the mapped course being looked at."""
        match node:
            case AllOf(children):
                parts = self._parts(children, path, scope)
                return combine(path, Kind.ALL, parts, len(parts))
            case AnyOf(children):
                return combine(path, Kind.ANY, self._parts(children, path, scope), 1)
            case AtLeast(k, children):
                return combine(path, Kind.AT_LEAST, self._parts(children, path, scope), k)
            case Mapped(child):
                return self._mapped(child, path)
            case GradeLeaf():
                return self._grade(node, path, _course(node.course, scope))
            case CompletionLeaf():
                return self._completion(node, path, _course(node.course, scope))
            case EvidenceLeaf():
                return evidence.judge(node, self._facts, path=path, today=self._at.date())

    def _parts(
        self, children: tuple[Node, ...], path: str, scope: str | None
    ) -> tuple[Criterion, ...]:
        return tuple(
            self.criterion(child, _under(path, str(position)), scope)
            for position, child in enumerate(children)
        )

    def _mapped(self, child: Node, path: str) -> Criterion:
        required = [m for m in self._facts.mapped if m.kind is MappingKind.REQUIRED]
        choices = [m for m in self._facts.mapped if m.kind is MappingKind.CHOICE]
        parts = [self._for_course(child, path, m) for m in required]
        for group in sorted({m.group for m in choices}):
            under = _under(path, f"choice:{group}")
            alternatives = tuple(
                self._for_course(child, under, m) for m in choices if m.group == group
            )
            parts.append(combine(under, Kind.CHOICE, alternatives, 1))
        return combine(path, Kind.MAPPED, tuple(parts), len(parts))

    def _for_course(self, child: Node, path: str, mapped: MappedCourse) -> Criterion:
        return self.criterion(child, _under(path, mapped.key), mapped.key)

    def _grade(self, leaf: GradeLeaf, path: str, course: str) -> Criterion:
        return _on_each_site(
            self._facts.grades(course, leaf.item),
            lambda fact, where: grade.judge(leaf, fact, course=course, path=where, at=self._at),
            [fact.site for fact in self._facts.grades(course, leaf.item)],
            path,
        )

    def _completion(self, leaf: CompletionLeaf, path: str, course: str) -> Criterion:
        return _on_each_site(
            self._facts.completions(course),
            lambda fact, where: completion.judge(
                leaf, fact, course=course, path=where, at=self._at
            ),
            [fact.site for fact in self._facts.completions(course)],
            path,
        )


def _on_each_site(
    facts: Sequence[F], judge: Callable[[F | None, str], Criterion], sites: list[str], path: str
) -> Criterion:
    """Judge a leaf; taken on several sites, the course counts on the best of them."""
    if not facts:
        return judge(None, path)
    if len(facts) == 1:
        return judge(facts[0], path)
    parts = tuple(judge(fact, _under(path, site)) for fact, site in zip(facts, sites, strict=True))
    return combine(path, Kind.CHOICE, parts, 1, course=parts[0].course)


def _course(named: str | None, scope: str | None) -> str:
    course = named if named is not None else scope
    if course is None:
        raise ValueError("a leaf that names no course stands under the mapped courses")
    return course


def _under(path: str, step: str) -> str:
    return f"{path}/{step}" if path else step
