"""Tables of the platforms: sites, registrations, deployments, keys, courses."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.store import Base, EncryptedText, UtcDateTime


class Site(Base):
    """One Moodle site."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    """Name shown to people."""
    base_url: Mapped[str] = mapped_column(String(300), unique=True)
    """Moodle's wwwroot, without final slash; also the LTI issuer of a Moodle site."""
    token: Mapped[str | None] = mapped_column(EncryptedText)
    """Web-service token of the service account, encrypted, never shown again."""
    token_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    token_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When Moodle last answered a call made with the token, to the hour."""
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the token was last checked."""
    identified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the Moodle that answers last said to be this site; None after a failure."""
    check_findings: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    """What the last check found missing: ``[{code, function, capabilities, …}]``, empty when all
    is well."""
    courses_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the course list was last read to its end."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    registrations: Mapped[list[Registration]] = relationship(back_populates="site")


class RegistrationState(StrEnum):
    """Whether launches are accepted."""

    ACTIVE = "active"
    PENDING = "pending"
    REFUSED = "refused"


class RegistrationOrigin(StrEnum):
    """How a registration came to be."""

    MANUAL = "manual"
    DYNAMIC = "dynamic"


class Registration(Base):
    """The tool as one platform knows it (1EdTech: registration)."""

    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    """``iss`` of the platform."""
    client_id: Mapped[str] = mapped_column(String(200))
    """``aud`` of the id_token, ``sub`` of our client assertions."""
    auth_login_url: Mapped[str] = mapped_column(String(500))
    token_url: Mapped[str] = mapped_column(String(500))
    jwks_url: Mapped[str] = mapped_column(String(500))
    state: Mapped[RegistrationState] = mapped_column(String(12), default=RegistrationState.ACTIVE)
    origin: Mapped[RegistrationOrigin] = mapped_column(
        String(12), default=RegistrationOrigin.MANUAL, server_default=RegistrationOrigin.MANUAL
    )
    scopes: Mapped[list[str] | None] = mapped_column(JSON)
    """What the token endpoint granted when it was last asked; None before. What a dynamic
    registration announces is not reliable."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    launched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The last accepted launch, to the minute."""

    site: Mapped[Site] = relationship(back_populates="registrations")
    deployments: Mapped[list[Deployment]] = relationship(back_populates="registration")


class Deployment(Base):
    """Where the platform deployed the tool (1EdTech: deployment)."""

    __tablename__ = "deployment"
    __table_args__ = (UniqueConstraint("registration_id", "deployment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    deployment_id: Mapped[str] = mapped_column(String(255))
    """``https://purl.imsglobal.org/spec/lti/claim/deployment_id``."""
    state: Mapped[RegistrationState] = mapped_column(String(12), default=RegistrationState.ACTIVE)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    launched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The last launch that named it, accepted or not, to the minute."""

    registration: Mapped[Registration] = relationship(back_populates="deployments")


class RegistrationInvitation(Base):
    """A one-time link that lets one platform register the tool by itself (dynamic registration)."""

    __tablename__ = "registration_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the token in the link."""
    note: Mapped[str] = mapped_column(String(200), default="")
    """For whom the coordinator made it; never sent to the platform."""
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    """The only site that may use it; None: a site that is not known yet."""
    created_by: Mapped[int | None]
    """Person.id of the coordinator; None from the command line."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))
    """What it made or updated."""

    registration: Mapped[Registration | None] = relationship()


class AccessToken(Base):
    """A token of the platform's services (OAuth 2 client credentials), kept until it expires."""

    __tablename__ = "access_token"
    __table_args__ = (UniqueConstraint("registration_id", "scopes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    scopes: Mapped[str] = mapped_column(String(1000))
    """Scopes asked for, sorted, separated by spaces."""
    granted: Mapped[list[str]] = mapped_column(JSON)
    token: Mapped[str] = mapped_column(EncryptedText)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlatformKeySet(Base):
    """The platform's public keys (JWKS), as last fetched."""

    __tablename__ = "platform_key_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    jwks_url: Mapped[str] = mapped_column(String(500), unique=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Last attempt, successful or not: an unknown kid refetches at most once a minute."""


class KeyState(StrEnum):
    """Life of a tool key: next → active → retired → gone."""

    NEXT = "next"
    ACTIVE = "active"
    RETIRED = "retired"
    GONE = "gone"


class ToolKey(Base):
    """A key pair of the tool: signs client assertions and deep linking responses."""

    __tablename__ = "tool_key"
    __table_args__ = (
        # One key signs and one waits, however many processes make or turn them at once.
        Index(
            "uq_tool_key_turn",
            "state",
            unique=True,
            sqlite_where=text("state IN ('next', 'active')"),
            postgresql_where=text("state IN ('next', 'active')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kid: Mapped[str] = mapped_column(String(64), unique=True)
    private_pem: Mapped[str | None] = mapped_column(EncryptedText)
    """None once the key is gone."""
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[KeyState] = mapped_column(String(12), default=KeyState.ACTIVE)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Course(Base):
    """A Moodle course; the LTI context of its launches has the same number."""

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("site_id", "moodle_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    moodle_id: Mapped[int]
    """Moodle's course id = ``claim/context.id``."""
    idnumber: Mapped[str] = mapped_column(String(100), default="")
    """Moodle's idnumber; the name by which certification rules call the course."""
    shortname: Mapped[str] = mapped_column(String(255), default="")
    fullname: Mapped[str] = mapped_column(String(1333), default="")
    summary: Mapped[str] = mapped_column(String(4000), default="")
    """Plain text of the summary, for the search of keywords."""
    group_mode: Mapped[int | None]
    """Moodle's group mode: 0 none, 1 separate, 2 visible; None: not read, or the course has no group."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the course list was last read with this course in it."""
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When Moodle stopped listing it."""

    site: Mapped[Site] = relationship()
