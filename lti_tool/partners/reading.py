"""Reads the members of the tied cohorts from Moodle and proposes what follows for affiliations.

No affiliation begins or ends here: a coordinator decides (``deciding``). Nothing is locked while
Moodle is read; a reading that is cut short has written accounts at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.partners.cohorts import NAME_LENGTH, cohort_links
from lti_tool.partners.models import CohortLink
from lti_tool.partners.proposals import store_proposals
from lti_tool.people.accounts import Known, find_or_create_accounts
from lti_tool.people.models import Account
from lti_tool.platforms.errors import SiteUnavailable
from lti_tool.platforms.models import Site
from lti_tool.platforms.service import client_with
from moodle_client import Cohort, MoodleClient, MoodleError, User

BATCH = 100
"""Accounts written in one transaction."""
Progress = Callable[[int, int | None], None]
Members = Mapping[int, Sequence[int]]
"""CohortLink.id → Moodle user ids."""


LIVE_SECONDS = 15.0
"""A person waits for the list of cohorts: no answer may take longer."""


@dataclass(frozen=True, slots=True)
class CohortReading:
    """What one reading found and proposed."""

    cohorts: int
    members: int
    """People in at least one cohort."""
    proposed: int
    overtaken: int
    """Proposals dropped, since their facts were no longer so."""
    not_shown: int
    """Members whom Moodle does not show to the service account: no name, so nothing is proposed."""
    gone: tuple[str, ...]
    """Names of the cohorts that Moodle no longer has; their members keep their affiliation."""
    untied: int
    """Cohorts of the site that are tied to no association."""


@dataclass(frozen=True, slots=True)
class SeenCohort:
    """A cohort of the site as Moodle gives it now, hidden ones too."""

    cohort: Cohort
    members: int | None
    """How many people are in it; None when Moodle lost it between two answers."""


def list_cohorts(session: Session, site: Site) -> list[SeenCohort]:
    """Return the cohorts of a site as Moodle gives them now, by name.

    Ends the caller's transaction before asking Moodle.

    Raises:
        TokenMissing: the site has no token.
        SiteUnavailable: Moodle did not answer as asked.
    """
    asked = client_with(
        site, connect_timeout=5.0, read_timeout=LIVE_SECONDS, total_timeout=LIVE_SECONDS, retries=0
    )
    session.commit()
    try:
        with asked as client:
            found = sorted(client.get_cohorts(), key=lambda cohort: cohort.name.casefold())
            numbers = [cohort.id for cohort in found]
            answers = client.get_cohort_members(numbers, skip_unknown=True) if numbers else []
    except MoodleError as error:
        raise SiteUnavailable.of(error) from error
    counts = {answer.cohort_id: len(answer.user_ids) for answer in answers}
    return [SeenCohort(cohort, counts.get(cohort.id)) for cohort in found]


def sync_cohort_members(
    session: Session,
    client: MoodleClient,
    site: Site,
    *,
    actor_id: int | None = None,
    progress: Progress = lambda _done, _total: None,
) -> CohortReading:
    """Read every cohort tied to an association on a site, and commit stage by stage.

    Args:
        session: a session without pending changes; it commits before Moodle is asked.
        actor_id: person who asked, for the journal.
        progress: told how many members of how many are done, between transactions.

    Raises:
        MoodleError: what Moodle answered; nothing was changed.
    """
    links = cohort_links(session, site_id=site.id)
    session.commit()
    members = _read_members(client, links)
    names = {one.id: one.name for one in client.get_cohorts()} if links else {}
    wanted = sorted({user_id for ids in members.values() for user_id in ids})
    unknown = sorted(set(wanted) - set(_people_of(session, site.id, wanted)))
    users = client.get_users_by_field("id", unknown) if unknown else []
    total = len(wanted)
    progress(total - len(unknown), total)
    _store_accounts(session, site, users, lambda left: progress(total - left, total))
    proposed, overtaken = _store(session, actor_id, site, links, members, names)
    progress(total, total)
    return CohortReading(
        cohorts=len(members),
        members=total,
        proposed=proposed,
        overtaken=overtaken,
        not_shown=len(unknown) - len(users),
        gone=tuple(link.cohort_name for link in links if link.id not in members),
        untied=len(names.keys() - {link.cohort_id for link in links}),
    )


def _read_members(client: MoodleClient, links: Sequence[CohortLink]) -> dict[int, tuple[int, ...]]:
    if not links:
        return {}
    by_cohort = {link.cohort_id: link.id for link in links}
    answers = client.get_cohort_members(list(by_cohort), skip_unknown=True)
    return {by_cohort[answer.cohort_id]: answer.user_ids for answer in answers}


def _people_of(session: Session, site_id: int, user_ids: Sequence[int]) -> dict[int, int]:
    """Return Moodle user id → Person.id of the accounts known; leaves no transaction open."""
    found: dict[int, int] = {}
    for some in _batches(user_ids):
        rows = session.execute(
            select(Account.subject, Account.person_id).where(
                Account.site_id == site_id, Account.subject.in_([str(one) for one in some])
            )
        )
        found.update({int(subject): person_id for subject, person_id in rows})
    session.commit()
    return found


def _store_accounts(
    session: Session, site: Site, users: Sequence[User], left: Callable[[int], None]
) -> None:
    remaining = len(users)
    for some in _batches(users):
        known = [
            Known(
                subject=str(user.id),
                full_name=user.fullname,
                given_name=user.firstname or "",
                idnumber=user.idnumber or "",
                suspended=bool(user.suspended),
            )
            for user in some
        ]
        find_or_create_accounts(session, site.id, known)
        session.commit()
        remaining -= len(some)
        left(remaining)


def _store(
    session: Session,
    actor_id: int | None,
    site: Site,
    links: Sequence[CohortLink],
    members: Members,
    names: Mapping[int, str],
) -> tuple[int, int]:
    people = _people_of(session, site.id, sorted({one for ids in members.values() for one in ids}))
    present = {
        link_id: {people[one] for one in ids if one in people} for link_id, ids in members.items()
    }
    moment = clock.now()
    # Links untied meanwhile by a coordinator are left alone; one tied meanwhile was not read.
    current = cohort_links(session, site_id=site.id)
    for link in current:
        if link.id in present:
            link.read_at, link.gone_at = moment, None
            link.cohort_name = names.get(link.cohort_id, link.cohort_name)[:NAME_LENGTH]
        elif link in links:
            link.gone_at = link.gone_at or moment
    changes = store_proposals(session, actor_id, current, present)
    session.commit()
    return changes


def _batches(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
