"""What a site answers when it is asked now: reachable, certificate, clock, keys, token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.platforms.certificates import certificate_words
from lti_tool.platforms.diagnosis.check import Check, Level, Who
from lti_tool.platforms.diagnosis.own_address import key_names, look_at_own_address
from lti_tool.platforms.errors import TokenMissing
from lti_tool.platforms.fetching import Answer, FetchFailed, FetchRefused, fetch
from lti_tool.platforms.keys import key_set
from lti_tool.platforms.keysets import fetch_key_set
from lti_tool.platforms.models import PlatformKeySet
from lti_tool.platforms.service.access import check_site
from lti_tool.platforms.service.listing import find_site
from lti_tool.platforms.service.sites import JWKS_PATH
from lti_tool.platforms.signatures import BACKDATED
from lti_tool.settings import Settings

CLOCK_TOLERANCE = BACKDATED.total_seconds()
"""Moodle has none for an assertion dated in its future; ours are dated back by this much."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is asked about, read before anybody is waited for."""

    base_url: str
    key_sets: tuple[tuple[str, frozenset[str]], ...]
    """Each address of a key set, with the names of the keys kept from it."""
    our_keys: frozenset[str]


def ask_site(sessions: sessionmaker[Session], settings: Settings, site_id: int) -> list[Check]:
    """Return what the site, and our own address, answer now; the token's check is stored."""
    with sessions() as session:
        known = _read(session, site_id)
    checks = [*_site(known), *_key_sets(known), *look_at_own_address(settings, known.our_keys)]
    with sessions() as session:
        try:
            check_site(session, settings, find_site(session, site_id))
        except TokenMissing:
            session.rollback()
    return checks


def _read(session: Session, site_id: int) -> _Known:
    site = find_site(session, site_id)
    addresses = sorted({registration.jwks_url for registration in site.registrations})
    rows = session.execute(
        select(PlatformKeySet.jwks_url, PlatformKeySet.document).where(
            PlatformKeySet.jwks_url.in_(addresses)
        )
    )
    kept = {row.jwks_url: row.document for row in rows}
    return _Known(
        base_url=site.base_url,
        key_sets=tuple((address, key_names(kept.get(address))) for address in addresses),
        our_keys=key_names(key_set(session)),
    )


def _site(known: _Known) -> Iterator[Check]:
    asked_at = clock.now()
    try:
        answer = fetch(known.base_url + JWKS_PATH)
    except (FetchRefused, FetchFailed) as error:
        yield _unreached(error, known.base_url)
        return
    yield from _answered(answer, known.base_url)
    yield from _clock(answer, asked_at)


def _answered(answer: Answer, base_url: str) -> Iterator[Check]:
    if 300 <= answer.status < 400:
        yield Check(
            Level.PROBLEM,
            _("Le site renvoie vers une autre adresse."),
            _(
                "L’outil ne suit aucune redirection : %(address)s n’est sans doute pas l’adresse "
                "exacte de la configuration de Moodle (« wwwroot »).",
                address=base_url,
            ),
            _("Enregistrez le site sous l’adresse qui s’affiche dans le navigateur."),
            Who.COORDINATION,
            "DIAG-REDIRECT",
        )
    elif answer.status != 200:
        yield Check(
            Level.PROBLEM,
            _("Le site répond par une erreur (%(status)s).", status=answer.status),
            _("Il est peut-être en maintenance, ou l’adresse n’est pas celle d’un Moodle."),
            _("Ouvrez %(address)s dans un navigateur.", address=base_url + JWKS_PATH),
            Who.MOODLE,
            "DIAG-STATUS",
        )
    else:
        yield Check(Level.OK, _("Le site répond."))


def _clock(answer: Answer, asked_at: datetime) -> Iterator[Check]:
    try:
        theirs = parsedate_to_datetime(answer.headers["Date"])
        ahead = (asked_at - theirs).total_seconds()
    except (KeyError, ValueError, TypeError):
        yield Check(
            Level.UNKNOWN, _("Le site ne dit pas l’heure : les horloges n’ont pas été comparées.")
        )
        return
    if abs(ahead) <= CLOCK_TOLERANCE:
        yield Check(Level.OK, _("Les deux horloges s’accordent."))
        return
    words = _(
        "L’horloge de l’outil avance de %(seconds)d secondes sur celle de Moodle.", seconds=ahead
    )
    if ahead < 0:
        words = _(
            "L’horloge de l’outil retarde de %(seconds)d secondes sur celle de Moodle.",
            seconds=-ahead,
        )
    yield Check(
        Level.PROBLEM,
        words,
        _(
            "Les lancements et les jetons sont datés : ils sont refusés au-delà de quelques secondes."
        ),
        _("Réglez les deux machines par NTP."),
        Who.SERVERS,
        "DIAG-CLOCK",
    )


def _key_sets(known: _Known) -> Iterator[Check]:
    for address, kept in known.key_sets:
        try:
            kids = key_names(fetch_key_set(address))
        except (FetchRefused, FetchFailed, ValueError):
            yield Check(
                Level.PROBLEM,
                _("Les clés publiques de Moodle ne peuvent pas être lues."),
                _(
                    "Sans elles, aucun lancement ne peut être vérifié ; les dernières lues servent encore une semaine."
                ),
                _("Ouvrez %(address)s depuis la machine de l’outil.", address=address),
                Who.SERVERS,
                "DIAG-KEYS",
            )
            continue
        if kept and not kept & kids:
            yield Check(
                Level.WARNING,
                _("Les clés de Moodle ne sont plus celles que l’outil avait lues."),
                _(
                    "C’est normal après une réinstallation ou un changement de clés ; l’outil lit les "
                    "nouvelles au prochain lancement. Sinon, quelqu’un répond peut-être à sa place."
                ),
                _("Demandez à la personne qui administre Moodle si les clés ont été changées."),
                Who.MOODLE,
                "DIAG-KEYS-CHANGED",
            )
        else:
            yield Check(Level.OK, _("Les clés publiques de Moodle sont lues."))


def _unreached(error: FetchRefused | FetchFailed, base_url: str) -> Check:
    if isinstance(error, FetchRefused):
        return Check(
            Level.PROBLEM, error.sentence(), "", "", Who.TOOL, f"DIAG-{error.reason.upper()}"
        )
    if error.is_tls:
        words = certificate_words(error.fault)
        return Check(
            Level.PROBLEM,
            str(words.fault),
            _("Rien n’est lu de ce site tant que son certificat n’est pas accepté."),
            str(words.remedy),
            Who.SERVERS,
            "DIAG-TLS",
        )
    titles = {
        "unresolved": _("Le nom du site n’a pas d’adresse."),
        "timeout": _("Le site n’a pas répondu à temps."),
        "too-slow": _("Le site n’a pas répondu à temps."),
    }
    return Check(
        Level.PROBLEM,
        titles.get(error.reason, _("Le site ne répond pas.")),
        _(
            "Rien ne peut être lu, et les lancements ne peuvent être vérifiés que quelques jours encore."
        ),
        _(
            "Ouvrez %(address)s depuis la machine de l’outil : nom, pare-feu, panne ?",
            address=base_url,
        ),
        Who.SERVERS,
        "DIAG-UNREACHABLE",
    )
