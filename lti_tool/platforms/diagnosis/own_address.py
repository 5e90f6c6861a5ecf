"""Whether the tool finds itself at its public address, as a platform must."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from lti_tool.platforms.diagnosis.check import Check, Level, Who
from lti_tool.platforms.fetching import FetchFailed, FetchRefused, fetch
from lti_tool.platforms.tool_addresses import tool_addresses
from lti_tool.settings import Settings


def look_at_own_address(settings: Settings, our_keys: frozenset[str]) -> Iterator[Check]:
    """Ask for our own key set as a platform does; ``our_keys``: the names it should hold."""
    address = tool_addresses(settings.base_url).key_set
    try:
        answer = fetch(address)
        kids = key_names(answer.json()) if answer.status == 200 else frozenset()
    except FetchRefused:
        yield Check(
            Level.UNKNOWN,
            _(
                "L’adresse publique de l’outil mène, d’ici, sur un réseau privé : elle n’a pas été essayée."
            ),
            "",
            _(
                "Ouvrez %(address)s depuis la machine de Moodle : un texte doit s’afficher.",
                address=address,
            ),
            Who.SERVERS,
            "DIAG-OWN-PRIVATE",
        )
        return
    except (FetchFailed, ValueError):
        kids = frozenset()
    if our_keys and kids & our_keys:
        yield Check(Level.OK, _("L’outil répond à son adresse publique."))
        return
    yield Check(
        Level.SUPPOSED,
        _("L’outil ne se trouve pas lui-même à son adresse publique."),
        _(
            "Moodle ne lira sans doute pas ses clés non plus, et les services (colonnes de notes, "
            "listes) lui seront fermés. Certains réseaux ne laissent pas une machine se voir du dehors : "
            "alors tout peut aller bien."
        ),
        _(
            "Ouvrez %(address)s depuis la machine de Moodle : un texte doit s’afficher.",
            address=address,
        ),
        Who.SERVERS,
        "DIAG-OWN-ADDRESS",
    )


def key_names(document: object) -> frozenset[str]:
    """Return the ``kid`` of each key of a set; nothing for what is none."""
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list):
        return frozenset()
    return frozenset(
        key["kid"] for key in keys if isinstance(key, dict) and isinstance(key.get("kid"), str)
    )
