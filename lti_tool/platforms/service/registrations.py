"""What may open the tool: registrations and their deployments, opened and closed by a coordinator."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool import journal
from lti_tool.errors import Conflict, NotFound
from lti_tool.platforms.models import Deployment, Registration, RegistrationState
from lti_tool.platforms.service.origins import forget_origins


def decide_registration(
    session: Session, *, actor_id: int | None, site_id: int, registration_id: int, accept: bool
) -> Registration:
    """Open a registration, or close it: its launches are refused, and nothing is erased.

    Raises:
        NotFound: no such registration on this site.
        Conflict: it is in that state already.
    """
    registration = session.get(Registration, registration_id)
    if registration is None or registration.site_id != site_id:
        raise NotFound("registration")
    _decide(session, registration, "registration", actor_id, accept)
    return registration


def decide_waiting_registration(
    session: Session, *, actor_id: int | None, registration_id: int, accept: bool
) -> Registration:
    """Accept or refuse a registration that came by itself and still waits.

    Raises:
        NotFound: there is none.
        Conflict: it does not wait any more.
    """
    registration = session.get(Registration, registration_id)
    if registration is None:
        raise NotFound("registration")
    if registration.state != RegistrationState.PENDING:
        raise Conflict("registration decided already")
    _decide(session, registration, "registration", actor_id, accept)
    return registration


def decide_deployment(
    session: Session, *, actor_id: int | None, site_id: int, deployment_pk: int, accept: bool
) -> Deployment:
    """Accept or refuse a deployment that a launch announced; either can be changed later.

    Raises:
        NotFound: no such deployment on this site.
        Conflict: it is in that state already.
    """
    deployment = session.get(Deployment, deployment_pk)
    if deployment is None or deployment.registration.site_id != site_id:
        raise NotFound("deployment")
    _decide(session, deployment, "deployment", actor_id, accept)
    return deployment


def _decide(
    session: Session,
    decided: Registration | Deployment,
    subject: str,
    actor_id: int | None,
    accept: bool,
) -> None:
    state = RegistrationState.ACTIVE if accept else RegistrationState.REFUSED
    if decided.state == state:
        raise Conflict(f"{subject} already so")
    former = decided.state
    table = type(decided)
    # Of two coordinators who decide otherwise at once, the second hears that it is done.
    changed = session.execute(
        update(table)
        .where(table.id == decided.id, table.state == former)
        .values(state=state)
        .returning(table.id)
    ).all()
    if not changed:
        raise Conflict(f"{subject} decided meanwhile")
    journal.record(
        session,
        actor_id=actor_id,
        action=f"{subject}.{'accepted' if accept else 'refused'}",
        subject=subject,
        subject_id=decided.id,
        before=str(former),
    )
    session.commit()
    forget_origins()
