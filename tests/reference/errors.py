"""Every code that a person can be shown, with its sentence in French and in English."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import lti_tool
import moodle_client
from lti_tool.app import VIEWS
from lti_tool.errors import LtiToolError, all_errors
from lti_tool.lti.errors import LtiRefused, Reason
from lti_tool.lti.registration.errors import RegistrationReason, RegistrationRefused
from lti_tool.paths import translations_dir
from lti_tool.platforms.sentences import moodle_sentences
from lti_tool.web.i18n import french_spaces
from tests.reference.launch_refusals import raised_with
from tests.reference.markdown import code, first_line, table

COLUMNS = ["Code", "HTTP", "What the person reads", "In English"]


def application_errors() -> str:
    """Return the codes of the tool's own errors; those of a launch stand apart."""
    known = sorted(_known(), key=lambda error: error.code)
    return table(
        COLUMNS,
        [
            [code(error.code), str(error.status), *_both(error.title, error.message)]
            for error in known
            if not issubclass(error, (LtiRefused, RegistrationRefused))
        ],
    )


def launch_refusals() -> str:
    """Return each reason to refuse a launch; several reasons share what the person reads."""
    found = raised_with()
    families = sorted({kind for kinds in found.values() for kind in kinds}, key=_family_order)
    parts = []
    for kind in families:
        french, english = _both(kind.title, kind.message)
        reasons = [str(reason) for reason, kinds in found.items() if kind in kinds]
        parts.append(
            f"\n### {kind.__name__} (HTTP {kind.status})\n\n{first_line(kind.__doc__)}\n\n"
        )
        parts.append(", ".join(code(reason) for reason in reasons) + "\n\n")
        parts.append(f"> {french}\n")
        parts.append(f">\n> {english}\n" if english else "")
    return "".join(parts) + "\n"


def registration_refusals() -> str:
    """Return each reason to refuse a dynamic registration, by what the administrator reads."""
    rows = [
        [
            ", ".join(code(reason) for reason in kind.reasons),
            str(kind.status),
            *_both(kind.title, kind.message),
        ]
        for kind in all_errors(RegistrationRefused)
        if issubclass(kind, RegistrationRefused) and kind.reasons
    ]
    return table(COLUMNS, rows)


def moodle_errors() -> str:
    """Return the codes of Moodle's failures, as the client names them."""
    said = moodle_sentences()
    kinds = {kind.code: kind for kind in _tree(moodle_client.MoodleError)}
    return table(
        ["Code", "Error of `moodle_client`", "What the person reads"],
        [
            [code(name), code(kinds[name].__name__), french_spaces(str(sentence))]
            for name, sentence in sorted(said.items())
        ],
    )


def unlisted_reasons() -> set[Reason]:
    """Return the reasons that nothing raises: dead codes."""
    return set(Reason) - set(raised_with())


def unlisted_registration_reasons() -> set[RegistrationReason]:
    """Return the reasons of a registration that belong to no reaction."""
    listed = {
        reason
        for kind in all_errors(RegistrationRefused)
        if issubclass(kind, RegistrationRefused)
        for reason in kind.reasons
    }
    return set(RegistrationReason) - listed


def _known() -> list[type[LtiToolError]]:
    # Some modules are imported only where they are used: their errors must be listed all the same.
    package = Path(lti_tool.__file__).parent
    for source in sorted(package.glob("*/**/errors.py")):
        import_module(".".join(("lti_tool", *source.relative_to(package).with_suffix("").parts)))
    for room in VIEWS:
        import_module(f"lti_tool.{room}.views")
    return [error for error in all_errors() if not error.__module__.startswith("tests.")]


def _tree(root: type[moodle_client.MoodleError]) -> list[type[moodle_client.MoodleError]]:
    return [root, *(found for child in root.__subclasses__() for found in _tree(child))]


def _family_order(kind: type[LtiRefused]) -> int:
    return list(all_errors(LtiRefused)).index(kind)


def _both(title: Any, message: Any) -> tuple[str, str]:
    """Return title and sentence in French, and in English where the catalogue has them."""
    english = [_english(str(title)), _english(str(message))]
    return (
        _readable(french_spaces(f"**{title}.** {message}")),
        _readable(f"**{english[0]}.** {english[1]}") if all(english) else "",
    )


def _readable(sentence: str) -> str:
    """Write placeholders as a reader expects them."""
    return re.sub(r"%\((\w+)\)s", r"‹\1›", sentence)


def _english(sentence: str) -> str:
    message = _catalogue().get(sentence)
    return str(message.string) if message is not None and message.string else ""


@cache
def _catalogue() -> Catalog:
    source = translations_dir() / "en" / "LC_MESSAGES" / "messages.po"
    if not source.is_file():
        return Catalog("en")
    with source.open("rb") as po:
        return read_po(po, "en")
