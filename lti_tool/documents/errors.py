"""Errors of the documents room.

LtiToolError
├── InvalidInput
│   └── InvalidDocumentContent   a field of the document cannot be printed as it is
│       ├── MissingGlyph         no embedded font draws a character
│       └── TextTooLong          the text does not fit its place, even small
├── ConfigurationError
│   └── IssuerIdentityError      the issuer's SIRET or VAT number is wrong
└── RenderFailed                 the renderer gave no usable file
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.errors import ConfigurationError, InvalidInput, LtiToolError


class InvalidDocumentContent(InvalidInput):
    """A field of the document cannot be printed as it is."""

    code = "DOC-CONTENT"
    title = _("Document impossible à composer")
    message = _(
        "Une information du document manque ou ne peut pas être imprimée. Aucun fichier n’a été "
        "produit et rien n’a été modifié. Corrigez cette information, puis relancez."
    )


class MissingGlyph(InvalidDocumentContent):
    """No embedded font draws a character of the text.

    Args:
        characters: the characters that no font draws.
    """

    code = "DOC-GLYPH"
    title = _("Caractère impossible à imprimer")
    message = _(
        "Les polices du document ne savent pas dessiner : %(characters)s. Aucun fichier n’a été "
        "produit. Choisissez une autre graphie du nom à afficher, ou transmettez ce code à la "
        "coordination."
    )

    def __init__(self, characters: frozenset[str]) -> None:
        ordered = sorted(characters)
        super().__init__(
            "no glyph for " + ", ".join(f"U+{ord(character):04X}" for character in ordered),
            characters=" ".join(ordered),
        )
        self.characters = characters


class TextTooLong(InvalidDocumentContent):
    """A text does not fit the place kept for it, even at the smallest readable size."""

    code = "DOC-LENGTH"
    title = _("Texte trop long pour le document")
    message = _(
        "Un texte est trop long pour la place prévue. Aucun fichier n’a été produit. "
        "Raccourcissez-le (nom affiché, intitulé ou fonction), puis relancez."
    )


class IssuerIdentityError(ConfigurationError):
    """The issuer's registration numbers do not hold together."""

    code = "DOC-ISSUER"
    title = _("Identité de l’organisme à corriger")
    message = _(
        "Le numéro Siret ou le numéro de TVA de l’organisme est erroné. Aucun document n’est "
        "produit avec une identité fausse : corrigez les réglages de l’organisme."
    )


class RenderFailed(LtiToolError):
    """The renderer raised, gave no file, or gave another number of pages than promised."""

    code = "DOC-RENDER"
    title = _("Document non produit")
    message = _(
        "Le document n’a pas pu être composé. Rien n’a été modifié. Réessayez dans quelques "
        "minutes ; si cela continue, transmettez ce code à la coordination."
    )
