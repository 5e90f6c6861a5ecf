"""Languages: French first, English second; the person's choice, else the browser's, else French.

French sentences are written with plain spaces and shown with those of French typography: no line
begins with « : » or ends with « « ».
"""

from __future__ import annotations

import re
from gettext import NullTranslations
from typing import Any

from flask import Flask, request
from flask_babel import Babel, Domain, get_locale

from lti_tool.paths import translations_dir
from lti_tool.web.access import viewer_or_none
from lti_tool.web.runtime import runtime

LOCALES = ("fr", "en")
COOKIE = "ancrage_locale"


def select_locale() -> str:
    """Return the language of this request."""
    asked = request.args.get("lang") or request.cookies.get(COOKIE)
    if asked in LOCALES:
        return asked
    found = viewer_or_none() if request.endpoint and request.endpoint != "static" else None
    if found is not None and found.locale in LOCALES:
        return found.locale
    best = request.accept_languages.best_match(LOCALES)
    return best or runtime().settings.default_locale


def locale_code() -> str:
    """Return ``fr`` or ``en``, the language being spoken (also outside requests, in a job)."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LOCALES else "fr"


def french_spaces(text: str) -> str:
    """Return ``text`` with the no-break spaces of French: narrow before ; ? !, full around « : »."""
    text = re.sub(r" (?=[;?!](?:\s|$|»))", "\u202f", text)
    return re.sub(r" (?=[:»]|%(?!\())|(?<=«) ", "\u00a0", text)


class FrenchTranslations:
    """A catalogue whose sentences are shown with French spaces."""

    def __init__(self, catalogue: NullTranslations) -> None:
        self._catalogue = catalogue

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalogue, name)

    def ugettext(self, message: str) -> str:
        """Set the spaces; French sentences are written in the code."""
        return french_spaces(message)

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        """Translate, then set the spaces; in French zero is singular."""
        return french_spaces(singular if abs(number) < 2 else plural)


class TypographicDomain(Domain):  # type: ignore[misc]  # flask_babel has no types
    """The catalogue of the request, typographic in French."""

    def get_translations(self) -> Any:
        """Return the catalogue of the present language."""
        found = super().get_translations()
        return FrenchTranslations(found) if locale_code() == "fr" else found


def register(app: Flask) -> None:
    """Install Babel."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(translations_dir())
    Babel(
        app,
        default_locale="fr",
        default_timezone=app.extensions["ancrage"].settings.time_zone,
        locale_selector=select_locale,
    )
    domain = TypographicDomain()
    app.before_request(domain.as_default)
    app.jinja_env.globals["locale_code"] = locale_code
