"""What the door knows of a site, for its diagnosis: refused launches, silence, the services' token.

Given to ``platforms.diagnosis`` by the wiring of the application: platforms know nothing of launches.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.lti.diagnosis import authorization_reaches
from lti_tool.lti.refusal_words import CLOSED, cause_of
from lti_tool.lti.refusals import refusals_since
from lti_tool.lti.services.connector import ServiceConnector
from lti_tool.lti.services.errors import (
    ClientUnknown,
    ClocksApart,
    RegistrationClosed,
    ScopeRefused,
    ServiceAddressRefused,
    ServiceFailed,
    ServiceOutOfReach,
    ServiceUnreachable,
    TokenUnheard,
)
from lti_tool.lti.services.names import ROSTER_SCOPES
from lti_tool.platforms.diagnosis import Check, Level, Who
from lti_tool.platforms.models import (
    Deployment,
    Registration,
    RegistrationOrigin,
    RegistrationState,
)

LOOKED_BACK = timedelta(days=7)

_MENDED_BY: dict[type[ServiceFailed], Who] = {
    ServiceUnreachable: Who.SERVERS,
    ServiceAddressRefused: Who.COORDINATION,
    ServiceOutOfReach: Who.TOOL,
    RegistrationClosed: Who.COORDINATION,
    ClientUnknown: Who.COORDINATION,
    ClocksApart: Who.SERVERS,
    TokenUnheard: Who.SERVERS,
}
"""Who can do what the sentence of a failure asks for; the others ask the administrator of Moodle."""


def door_checks(sessions: sessionmaker[Session], site_id: int, ask: bool) -> list[Check]:
    """Return what launches and services tell of a site; ``ask``: ask it for a token now."""
    with sessions() as session:
        checks = [*_refusals(session, site_id)]
        registrations = list(
            session.scalars(
                select(Registration).where(
                    Registration.site_id == site_id,
                    Registration.state == RegistrationState.ACTIVE,
                )
            )
        )
    for registration in registrations:
        token = _services(sessions, registration) if ask else None
        checks += [] if token is None else [token]
        if registration.launched_at is None:
            checks.append(_silence(registration, answered=token is not None and token.code == ""))
    return checks


def _refusals(session: Session, site_id: int) -> Iterator[Check]:
    since = clock.now() - LOOKED_BACK
    counts = [(one, True) for one in refusals_since(session, since, site_id)]
    counts += [(one, False) for one in refusals_since(session, since, None)]
    settled = not _anything_closed(session, site_id)
    for one, ours in counts:
        cause = cause_of(one.reason)
        if ours and settled and cause is CLOSED:
            continue  # accepted since
        words = ngettext(
            "Un lancement refusé depuis sept jours, code %(code)s.",
            "%(num)s lancements refusés depuis sept jours, code %(code)s.",
            one.count,
            code=one.reason,
        )
        if not ours:
            words += " " + _("L’outil n’a pas reconnu de quel site ils venaient.")
        yield Check(
            cause.level if ours else _at_most_a_warning(cause.level),
            words,
            _("Cause probable : %(cause)s.", cause=str(cause.cause)),
            str(cause.remedy),
            cause.who,
            one.reason,
        )


def _anything_closed(session: Session, site_id: int) -> bool:
    """Whether a registration or a deployment of the site is not open now."""
    closed = (
        select(Registration.id)
        .outerjoin(Deployment)
        .where(
            Registration.site_id == site_id,
            or_(
                Registration.state != RegistrationState.ACTIVE,
                Deployment.state != RegistrationState.ACTIVE,
            ),
        )
    )
    return session.scalar(closed.limit(1)) is not None


def _services(sessions: sessionmaker[Session], registration: Registration) -> Check:
    try:
        reach = authorization_reaches(sessions, registration.id)
        failure = reach.failure
        if failure is None and reach.reaches is None:
            ServiceConnector(sessions, registration.id, ROSTER_SCOPES).granted_scopes()
    except ServiceFailed as error:
        failure = error
    if failure is None:
        return Check(Level.OK, _("Moodle donne un jeton d’accès à l’outil pour ses services."))
    closed = isinstance(failure, ScopeRefused)
    # A site where services were never granted may do without them; one where they were does not.
    used = registration.scopes is not None and not closed
    return Check(
        Level.PROBLEM if used or isinstance(failure, TokenUnheard) else Level.WARNING,
        str(failure.title),
        str(failure.sentence()),
        _(
            "Rien à faire si vous n’utilisez ni la publication des résultats, ni la liste des membres."
        )
        if not used
        else "",
        _MENDED_BY.get(type(failure), Who.MOODLE),
        failure.code,
    )


def _silence(registration: Registration, *, answered: bool) -> Check:
    name = registration.client_id
    if registration.origin == RegistrationOrigin.DYNAMIC:
        return Check(
            Level.SUPPOSED,
            _("L’outil est peut-être encore en attente dans Moodle (%(name)s).", name=name),
            _(
                "Il s’y est enregistré de lui-même et aucun lancement n’est encore arrivé. Moodle ne dit "
                "pas si un outil est en attente, et lui donne des jetons même alors : ce n’est qu’une "
                "supposition."
            ),
            _(
                "Dans « Gérer les outils » (Manage tools), la carte de l’outil porte « En attente » "
                "(Pending) ? Cliquez sur « Activer » (Activate). Puis ouvrez une activité."
            ),
            Who.MOODLE,
            "DIAG-PENDING",
        )
    return Check(
        Level.WARNING if answered else Level.UNKNOWN,
        _("Aucun lancement n’est encore arrivé par l’enregistrement %(name)s.", name=name),
        _("L’outil ne peut pas savoir si les adresses ont été bien copiées dans Moodle."),
        _("Placez une activité dans un cours, et ouvrez-la."),
        Who.MOODLE,
        "DIAG-NO-LAUNCH",
    )


def _at_most_a_warning(level: Level) -> Level:
    """Return how grave a count is that may not concern this site: a warning at most."""
    return Level.WARNING if level == Level.PROBLEM else level
