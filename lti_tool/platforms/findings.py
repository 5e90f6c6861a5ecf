"""What a check of the token found, in plain French: what is missing, what it breaks, what to do.

``moodle_client.probe`` finds codes; ``rights`` holds what each right is for. Pure but for the
language of the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _

from lti_tool.platforms.certificates import certificate_words, fault_in
from lti_tool.platforms.rights import CAPABILITY_EFFECTS, FUNCTION_EFFECTS
from lti_tool.platforms.sentences import sentence_for_code
from moodle_client import FindingCode


@dataclass(frozen=True, slots=True)
class FindingText:
    """One finding as a coordinator reads it."""

    code: str
    missing: str
    effect: str
    remedy: str
    blocking: bool
    """Nothing, or nearly nothing, can be read until it is mended."""
    error: str = ""
    """Code of the client's error behind it, when there is one."""


@dataclass(frozen=True, slots=True)
class _Words:
    missing: Any
    effect: Any
    remedy: Any
    blocking: bool = False


_ASK_AGAIN = _("Corrigez dans Moodle, puis vérifiez à nouveau l’accès.")
_ADD_CAPABILITY = _(
    "Dans Moodle : « Administration du site > Utilisateurs > Permissions > Définition des rôles », "
    "ouvrez le rôle du compte de service et autorisez %(capability)s."
)
_NAMES_ITSELF = _(
    "Le site répond, mais se nomme %(address)s, et non par l’adresse enregistrée ici."
)
_UNKNOWN_EFFECT = _("Une partie des lectures échoue ou revient incomplète.")

_WORDS: dict[FindingCode, _Words] = {
    FindingCode.NO_ANSWER: _Words(
        _("Le site n’a pas donné accès à ses services web."),
        "%(failure)s",
        _(
            "Vérifiez l’adresse du site et le jeton, puis, dans Moodle, "
            "« Administration du site > Serveur > Services web > Vue d’ensemble »."
        ),
        blocking=True,
    ),
    FindingCode.OTHER_ADDRESS: _Words(
        _("Le site répond, mais se nomme par une autre adresse que celle enregistrée ici."),
        _("Les lancements depuis Moodle sont refusés, car leur émetteur n’est pas celui attendu."),
        _(
            "Enregistrez le site avec l’adresse exacte de sa page d’accueil "
            "(« wwwroot » dans la configuration de Moodle)."
        ),
    ),
    FindingCode.OLD_VERSION: _Words(
        _("Cette version de Moodle est antérieure à la 4.1."),
        _("Des fonctions dont l’outil a besoin peuvent y manquer."),
        _("Demandez à l’équipe de Moodle de mettre le site à jour."),
    ),
    FindingCode.ADMIN_TOKEN: _Words(
        _("Ce jeton est celui d’un compte administrateur de Moodle."),
        _("Il permet bien plus que lire : s’il était volé, tout le site serait exposé."),
        _(
            "Créez un compte de service qui n’a que les capacités de lecture, "
            "faites-lui un jeton, enregistrez-le ici, et supprimez celui-ci dans Moodle."
        ),
    ),
    FindingCode.MISSING_FUNCTION: _Words(
        _("La fonction %(function)s n’est pas dans le service web."),
        "%(effect)s",
        _(
            "Dans Moodle : « Administration du site > Serveur > Services web > Services externes », "
            "lien « Fonctions » du service, ajoutez %(function)s."
        ),
    ),
    FindingCode.MISSING_CAPABILITY: _Words(
        _("Il manque au compte de service la capacité %(capability)s."),
        "%(effect)s",
        _ADD_CAPABILITY,
    ),
    FindingCode.NOT_READY: _Words(
        _(
            "Le compte de service doit accepter la politique du site, ou changer son mot de passe, "
            "avant toute lecture."
        ),
        _("Les cours, les personnes et les notes ne peuvent pas être lus."),
        _("Connectez-vous une fois à Moodle avec ce compte et faites ce qu’il demande."),
        blocking=True,
    ),
    FindingCode.ITEMS_LEFT_OUT: _Words(
        _("Des éléments de note existent dans le carnet de notes sans être donnés à l’outil."),
        _("Des notes manquent, et des totaux paraissent inconnus."),
        _(
            "Dans Moodle, autorisez au rôle du compte de service celles de ces capacités "
            "qui lui manquent : %(capabilities)s."
        ),
    ),
    FindingCode.NO_IDNUMBER: _Words(
        _("Aucun numéro d’identification n’est visible parmi les personnes du cours d’essai."),
        _("Les personnes sont reconnues par leur compte Moodle ; rien n’est bloqué."),
        _(
            "Si vos personnes ont un numéro d’identification dans Moodle, autorisez "
            "%(capabilities)s au rôle du compte ; sinon, il n’y a rien à faire."
        ),
    ),
    FindingCode.NO_COURSE: _Words(
        _("Aucun cours n’est visible pour le compte de service."),
        _("Rien ne peut être lu, et le reste de l’accès n’a pas pu être vérifié."),
        _(
            "Dans Moodle, donnez au compte son rôle au niveau du système, avec les capacités "
            "« moodle/course:view » et « moodle/course:viewhiddencourses »."
        ),
        blocking=True,
    ),
    FindingCode.NO_LEARNER: _Words(
        _("Aucun·e apprenant·e n’est visible dans le cours d’essai."),
        _(
            "La lecture des notes n’a pas pu être vérifiée ; des personnes peuvent rester invisibles."
        ),
        _(
            "Si ce cours a des personnes inscrites, autorisez au rôle du compte de service : "
            "%(capabilities)s."
        ),
    ),
    FindingCode.CALL_FAILED: _Words(
        _("La fonction %(function)s n’a pas abouti."), "%(failure)s", _ASK_AGAIN
    ),
}


def describe(finding: Mapping[str, Any]) -> FindingText:
    """Return a stored finding in plain words, in the language of the reader.

    Args:
        finding: ``{code, function, capabilities, error, reason, address}`` as ``check_site`` stores it.
    """
    code = FindingCode(finding["code"])
    function = finding.get("function") or ""
    capabilities = list(finding.get("capabilities") or ())
    words = _words(code, finding)
    values = {
        "function": _quoted(function),
        "capability": _quoted(capabilities[0]) if capabilities else "",
        "capabilities": ", ".join(_quoted(name) for name in capabilities),
        "effect": _effect(code, function, capabilities),
        "address": finding.get("address") or "",
        "failure": sentence_for_code(finding.get("error") or ""),
    }
    return FindingText(
        code=str(code),
        missing=str(words.missing) % values,
        effect=str(words.effect) % values,
        remedy=str(words.remedy) % values,
        blocking=words.blocking,
        error=finding.get("error") or "",
    )


def _words(code: FindingCode, finding: Mapping[str, Any]) -> _Words:
    if code == FindingCode.OTHER_ADDRESS and finding.get("address"):
        return replace(_WORDS[code], missing=_NAMES_ITSELF)
    fault = fault_in(finding.get("reason"))
    if code != FindingCode.NO_ANSWER or fault is None:
        return _WORDS[code]
    said = certificate_words(fault)
    return _Words(
        said.fault,
        _("Rien n’est lu de ce site tant que son certificat n’est pas accepté."),
        said.remedy,
        True,
    )


def _effect(code: FindingCode, function: str, capabilities: list[str]) -> str:
    if code == FindingCode.MISSING_CAPABILITY and capabilities:
        return str(CAPABILITY_EFFECTS.get(capabilities[0], _UNKNOWN_EFFECT))
    return str(FUNCTION_EFFECTS.get(function, _UNKNOWN_EFFECT))


def _quoted(name: str) -> str:
    return str(_("« %(words)s »", words=name))
