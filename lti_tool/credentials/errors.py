"""What can be refused about a certificate, each with what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.errors import Conflict, LtiToolError


class StoredFileDamaged(LtiToolError):
    """The stored file is lost, or no longer has the hash recorded when it was made."""

    code = "CRED-FILE"
    title = _("Fichier du certificat indisponible")
    message = _(
        "Le fichier conservé pour ce certificat est absent ou a été modifié : il n’est donc pas remis. "
        "La certification elle-même n’a pas changé et son code peut toujours être vérifié. "
        "Transmettez ce code à la coordination."
    )


class CertificateWithdrawn(Conflict):
    """The award is suspended or revoked: its file is not handed out any more."""

    code = "CRED-STATE"
    title = _("Certificat non téléchargeable")
    message = _(
        "Ce certificat est en cours de vérification ou a été révoqué : son fichier n’est pas remis. "
        "La page de vérification dit son état présent. Pour toute question, écrivez à la coordination."
    )
