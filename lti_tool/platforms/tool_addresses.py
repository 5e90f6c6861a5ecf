"""What a platform is given when the tool is added there by hand; the pages behind are in ``lti.views``.

The values are those that dynamic registration asks for (``lti.registration.document``): a tool added
by hand has the same services. Labels and choices are Moodle's own, in its French and its English.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToolAddresses:
    """The addresses of this tool."""

    tool: str
    login: str
    redirect: str
    key_set: str
    content_selection: str
    icon: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of Moodle's form « External tool configuration »."""

    key: str
    french: str
    english: str
    value: str
    """What is pasted; for a choice, its French wording."""
    choice: str = ""
    """The English wording of a choice, empty where a value is pasted."""


CUSTOM_PARAMETERS = "ancrage_history=$Context.id.history"
"""Tells a copied course from its original."""


def tool_addresses(base_url: str) -> ToolAddresses:
    """Return the addresses of the tool at ``base_url`` (without final slash)."""
    launch = f"{base_url}/lti/launch"
    return ToolAddresses(
        tool=launch,
        login=f"{base_url}/lti/login",
        redirect=launch,
        key_set=f"{base_url}/lti/jwks",
        content_selection=launch,
        icon=f"{base_url}/static/mark.svg",
    )


def manual_settings(base_url: str) -> tuple[Setting, ...]:
    """Return every field to fill in Moodle, in the order of its form."""
    ours = tool_addresses(base_url)
    return (
        Setting("tool-name", "Nom de l’outil", "Tool name", "Ancrage — RMP-ADL"),
        Setting("tool-url", "URL de l’outil", "Tool URL", ours.tool),
        Setting("version", "Version LTI", "LTI version", "LTI 1.3", "LTI 1.3"),
        Setting(
            "key-type", "Type de clef publique", "Public key type", "URL jeu de clefs", "Keyset URL"
        ),
        Setting("key-set-url", "Jeu de clefs public", "Public keyset", ours.key_set),
        Setting("login-url", "URL d’initiation de connexion", "Initiate login URL", ours.login),
        Setting("redirect-url", "URIs de redirection", "Redirection URI(s)", ours.redirect),
        Setting("custom", "Paramètres personnalisés", "Custom parameters", CUSTOM_PARAMETERS),
        Setting(
            "deep-linking",
            "Supporte les liens profonds",
            "Supports Deep Linking (Content-Item Message)",
            "coché",
            "ticked",
        ),
        Setting(
            "content-url",
            "URL de sélection de contenu",
            "Content Selection URL",
            ours.content_selection,
        ),
        Setting("icon-url", "URL de l’icône", "Icon URL", ours.icon),
        Setting(
            "grades-service",
            "Services de devoirs et de notes IMS LTI",
            "IMS LTI Assignment and Grade Services",
            "Utiliser ce service pour la synchronisation des notes et la gestion des colonnes",
            "Use this service for grade sync and column management",
        ),
        Setting(
            "names-service",
            "Noms et approvisionnement de rôles IMS LTI",
            "IMS LTI Names and Role Provisioning",
            "Utiliser ce service pour lire les membres, selon la confidentialité",
            "Use this service to retrieve members’ information as per privacy settings",
        ),
        Setting(
            "name",
            "Partager le nom de l’utilisateur avec l’outil",
            "Share launcher’s name with tool",
            "Toujours",
            "Always",
        ),
        Setting(
            "email",
            "Partager le courriel de l’utilisateur avec l’outil",
            "Share launcher’s email with tool",
            "Jamais",
            "Never",
        ),
        Setting(
            "grades",
            "Accepter les notes de l’outil",
            "Accept grades from the tool",
            "Comme spécifié dans la définition de Liens profond ou déléguer à l’enseignant",
            "As specified in Deep Linking definition or Delegate to teacher",
        ),
    )
