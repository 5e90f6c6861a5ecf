"""The words of certificates, as French sentences that each reader translates.

Marked for the catalogue, not translated here: a document is in its own language, a screen in its
reader's.
"""

from __future__ import annotations

from lti_tool.certification.models import EvidenceKind


def N_(message: str) -> str:  # noqa: N802  # the name by which catalogues find sentences
    """Mark a sentence for the catalogue and return it as it is."""
    return message


JURY = N_("Pour le jury de certification")
ROUTES = {
    "formation": N_("Par la voie de la formation"),
    "vae": N_("Par la voie de la VAE interne"),
    "apprentissage": N_("Par la voie de l’apprentissage"),
}
EVIDENCE = {
    EvidenceKind.REAL_ACTION: N_("une action de plaidoyer menée au réel"),
    EvidenceKind.DECISION_TOOL: N_("un outil d’aide à la prise de décision"),
}
STATES = {
    "valid": N_("Ce certificat a été délivré et il est valable aujourd’hui."),
    "suspended": N_("Ce certificat est en cours de vérification."),
    "revoked": N_("Ce certificat a été révoqué : il n’atteste plus rien."),
    "replaced": N_(
        "Ce certificat a été remplacé par un autre. Demandez le nouveau à qui vous l’a présenté."
    ),
    "expired": N_("Ce certificat a été délivré, mais sa durée de validité est passée."),
    "unknown": N_(
        "Aucun certificat ne porte ce code. Comparez-le caractère par caractère avec celui du "
        "document, puis essayez à nouveau."
    ),
}
