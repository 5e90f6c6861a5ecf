"""Publishing rules, and finding the one in force for a domain on a day."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.certification.data import base_rule_text
from lti_tool.certification.models import PublishedRule
from lti_tool.certification.rules.model import EACH_DOMAIN, Rule
from lti_tool.certification.rules.parser import parse_rule
from lti_tool.referential.models import Domain, Subtheme


def publish_rule(
    session: Session, domain: Domain, text: str, actor_id: int | None
) -> PublishedRule:
    """Publish a rule for a domain; the version is the one after the last. The caller commits.

    Raises:
        RuleError: the text cannot be read as a rule.
    """
    parse_rule(text)
    last = newest_rule(session, domain.id)
    rule = PublishedRule(
        domain_id=domain.id,
        version=1 if last is None else last.version + 1,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        published_at=clock.now(),
        published_by=actor_id,
    )
    session.add(rule)
    session.flush()
    journal.record(
        session,
        actor_id=actor_id,
        action="rule.published",
        subject="published_rule",
        subject_id=rule.id,
        domain=domain.code,
        version=rule.version,
        sha256=rule.sha256,
    )
    return rule


def publish_base_rule(session: Session) -> int:
    """Publish the base rule for each domain that has none, and commit; return how many had none."""
    text = base_rule_text()
    missing = [
        domain
        for domain in session.scalars(select(Domain).order_by(Domain.number))
        if newest_rule(session, domain.id) is None
    ]
    for domain in missing:
        publish_rule(session, domain, text, None)
    session.commit()
    return len(missing)


def newest_rule(session: Session, domain_id: int) -> PublishedRule | None:
    """Return the rule last published for a domain."""
    return session.scalar(
        select(PublishedRule)
        .where(PublishedRule.domain_id == domain_id)
        .order_by(PublishedRule.version.desc())
        .limit(1)
    )


def read_rule(published: PublishedRule, domain: Domain, subtheme: Subtheme | None) -> Rule:
    """Return the rule as the engine evaluates it for a domain or one of its sub-themes."""
    rule = _parse(published.text)
    if rule.domain != EACH_DOMAIN:
        return rule
    label = domain.label_fr if subtheme is None else f"{domain.label_fr} ({subtheme.label_fr})"
    return rule.for_domain(domain.code, label, None if subtheme is None else subtheme.code)


@lru_cache(maxsize=256)
def _parse(text: str) -> Rule:
    return parse_rule(text)
