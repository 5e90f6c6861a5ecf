"""The certificate: one A4 landscape page, from plain content to a PDF file.

Owns what the page holds and how its texts are fitted; the page itself stands in
``templates/documents/certificate.html``. Decides nothing about who deserves it: the name shown has
been chosen, the award made. See ``spec/credentials.md`` §2, R012 and R064.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from babel.dates import format_date
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lti_tool.documents import fonts
from lti_tool.documents.band import arrange_band
from lti_tool.documents.errors import InvalidDocumentContent, MissingGlyph
from lti_tool.documents.fitting import FittedText, Sizes, fit_text
from lti_tool.documents.images import picture_uri, qr_uri
from lti_tool.documents.issuer import Issuer
from lti_tool.documents.ornament import frame_svg
from lti_tool.documents.pdf import render_pdf
from lti_tool.paths import templates_dir, translations_dir

LOCALES = ("fr", "en")
_PAGE_MM = (297.0, 210.0)
_FLOURISH_MM = 53.2
_POINTS_PER_MM = 72 / 25.4
_TEXT_WIDTH = 228 * _POINTS_PER_MM
_BAND_WIDTH = 249 * _POINTS_PER_MM
_SIGNATURE_WIDTH = 74 * _POINTS_PER_MM
_NAME_SIZES = Sizes(largest=41, smallest_single=22, largest_wrapped=22, smallest=9)
_DOMAIN_SIZES = Sizes(largest=21, smallest_single=17, largest_wrapped=17, smallest=11)
_CODE_WIDTH = 78 * _POINTS_PER_MM
_CODE_SIZES = Sizes(largest=8.5, smallest_single=5, largest_wrapped=5, smallest=4)
_ADDRESS_SIZES = Sizes(largest=6.5, smallest_single=3.5, largest_wrapped=3.5, smallest=3)
_SIGNATORY_SIZES = Sizes(largest=10.5, smallest_single=8, largest_wrapped=8, smallest=5.5)


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of the page, ``#rrggbb``."""

    ink: str = "#1c2a3a"
    accent: str = "#9c3d24"
    muted: str = "#6b6f76"
    tint: str = "#f3e9df"


PALETTE = Palette()


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """A person who signs.

    Args:
        name: as printed under the rule.
        function: their office, as printed under the name.
        image: PNG or JPEG of the signature; without it the place stays free for a pen.
    """

    name: str
    function: str
    image: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """Everything printed on one certificate.

    Args:
        holder_name: the name that the holder chose to show: real, first name or pseudonym.
        domain_code: code of the attained domain, one of ``domains``.
        domain_label: its full label.
        domains: (code, label) of every domain of the reference list, in order.
        rule_label: the rule that was satisfied.
        rule_version: its version, as printed after « version ».
        route_label: how the person came to it (training, recognition of experience…).
        issued_on: day of issue.
        place: town of issue.
        number: the certificate's number.
        verification_url: address that the QR code holds.
        verification_code: the same code in letters, for those who type.
        issuer: who issues.
        signatures: exactly two blocks.
        subtheme_label: narrower theme inside the domain, empty when none.
        evidence_label: nature of the evidence, never its place or content; empty when not shown.
        locale: ``"fr"`` or ``"en"``, the language of the page's own sentences.
    """

    holder_name: str = field(repr=False)
    domain_code: str
    domain_label: str
    domains: tuple[tuple[str, str], ...]
    rule_label: str
    rule_version: str
    route_label: str
    issued_on: date
    place: str
    number: str
    verification_url: str = field(repr=False)
    verification_code: str = field(repr=False)
    issuer: Issuer
    signatures: tuple[SignatureBlock, SignatureBlock]
    subtheme_label: str = ""
    evidence_label: str = ""
    locale: str = "fr"


Gettext = Callable[[str], str]


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_dir()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(translations_dir(), [locale])


def _check(content: CertificateContent) -> None:
    """Refuse what would print a false or broken page.

    Raises:
        InvalidDocumentContent: a required text is empty, or the domain is not in the list.
        MissingGlyph: a text holds a character that no embedded font draws.
    """
    if not fonts.clean_text(content.holder_name):
        raise InvalidDocumentContent("holder name is empty")
    if content.domain_code not in {code for code, _ in content.domains}:
        raise InvalidDocumentContent("attained domain is not in the list of domains")
    if content.locale not in LOCALES:
        raise InvalidDocumentContent(f"no certificate in locale {content.locale!r}")
    texts = [
        content.holder_name,
        content.domain_code,
        content.domain_label,
        content.subtheme_label,
        content.rule_label,
        content.rule_version,
        content.route_label,
        content.evidence_label,
        content.place,
        content.number,
        content.verification_code,
        content.verification_url,
        *(text for domain in content.domains for text in domain),
        *(text for block in content.signatures for text in (block.name, block.function)),
        *(getattr(content.issuer, name) for name in ("name", "tagline", "address", "naf")),
    ]
    if missing := frozenset[str]().union(*map(fonts.missing_glyphs, texts)):
        raise MissingGlyph(missing)


def _printed_date(day: date, locale: str) -> str:
    text = format_date(day, format="long", locale=locale)
    return text.replace("1 ", "1er ", 1) if locale == "fr" and day.day == 1 else text


def _fitted_signature(block: SignatureBlock) -> tuple[FittedText, FittedText, str | None]:
    return (
        fit_text(block.name, _SIGNATURE_WIDTH, _SIGNATORY_SIZES),
        fit_text(block.function, _SIGNATURE_WIDTH, _SIGNATORY_SIZES, fonts.GARAMOND_ITALIC),
        picture_uri(block.image) if block.image else None,
    )


def certificate_html(content: CertificateContent, gettext: Gettext | None = None) -> str:
    """Return the certificate's page as HTML, ready for :func:`render_pdf`.

    Args:
        content: what to print.
        gettext: translates the page's French sentences; by default the catalogue of the locale.

    Raises:
        InvalidDocumentContent: see :class:`CertificateContent`.
        MissingGlyph: no embedded font draws a character.
        TextTooLong: a text does not fit its place.
    """
    _check(content)
    return (
        _environment()
        .get_template("documents/certificate.html")
        .render(
            _=gettext or _catalogue(content.locale).gettext,
            content=content,
            palette=PALETTE,
            font_faces=fonts.font_face_css(),
            font_family=fonts.font_family,
            holder=fit_text(content.holder_name, _TEXT_WIDTH, _NAME_SIZES),
            domain=fit_text(content.domain_label, _TEXT_WIDTH, _DOMAIN_SIZES),
            band=arrange_band(content.domains, content.domain_code, _BAND_WIDTH),
            signatures=[_fitted_signature(block) for block in content.signatures],
            issued_on=_printed_date(content.issued_on, content.locale),
            code=fit_text(content.verification_code, _CODE_WIDTH, _CODE_SIZES),
            address=fit_text(content.verification_url, _CODE_WIDTH, _ADDRESS_SIZES),
            qr=qr_uri(content.verification_url, PALETTE.ink),
        )
    )


def render_certificate(content: CertificateContent, gettext: Gettext | None = None) -> bytes:
    """Return the certificate as a PDF file of exactly one page, fonts embedded.

    The metadata never hold the person's name. Arguments and errors as
    :func:`certificate_html`, and :class:`RenderFailed`.
    """
    translate = gettext or _catalogue(content.locale).gettext
    return render_pdf(
        certificate_html(content, translate),
        title=f"{translate('Certification en plaidoyer')} – {content.domain_code} – {content.number}",
        author=content.issuer.name,
        pages=1,
        under=frame_svg(*_PAGE_MM, _FLOURISH_MM, PALETTE.ink, PALETTE.accent, PALETTE.tint),
    )
