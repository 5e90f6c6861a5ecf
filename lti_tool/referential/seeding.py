"""Writes the referential into the database at installation (R001, R002).

What is there already is left as it is: labels belong to the coordination once they are installed.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.referential.domains import REFERENTIAL, DomainEntry
from lti_tool.referential.models import Domain, Subtheme


def seed_referential(session: Session) -> int:
    """Add the domains and sub-themes that are missing, and commit.

    Returns:
        How many domains were added: 15 the first time, then 0.
    """
    known = {domain.number: domain for domain in session.scalars(select(Domain))}
    added = 0
    for entry in REFERENTIAL:
        domain = known.get(entry.number)
        try:
            with session.begin_nested():
                if domain is None:
                    session.add(_new_domain(entry))
                else:
                    _add_subthemes(domain, entry)
        except IntegrityError:
            # Another process is installing the same rows; its own are as good.
            continue
        added += domain is None
    session.commit()
    return added


def _new_domain(entry: DomainEntry) -> Domain:
    domain = Domain(
        number=entry.number, code=entry.code, label_fr=entry.label_fr, label_en=entry.label_en
    )
    _add_subthemes(domain, entry)
    return domain


def _add_subthemes(domain: Domain, entry: DomainEntry) -> None:
    known = {subtheme.code for subtheme in domain.subthemes}
    for subtheme in entry.subthemes:
        if subtheme.code not in known:
            domain.subthemes.append(
                Subtheme(code=subtheme.code, label_fr=subtheme.label_fr, label_en=subtheme.label_en)
            )
