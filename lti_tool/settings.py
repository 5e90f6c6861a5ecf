"""Every setting of the service, read once, frozen, passed down; nothing else reads the environment.

Values come from ``ANCRAGE_*`` variables (or a ``.env`` file). ``docs/reference/settings.md`` lists
them; a test keeps that page and this class equal. Unsafe production values refuse to start.
"""

from __future__ import annotations

import re
import ssl
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from lti_tool.errors import ConfigurationError


class Settings(BaseSettings):
    """What the person who installs the service chooses."""

    model_config = SettingsConfigDict(
        env_prefix="ANCRAGE_", env_file=".env", extra="ignore", frozen=True
    )

    environment: Literal["production", "demo", "test"] = Field(
        "production",
        description="`production` refuses unsafe values; `demo` and `test` accept http on this machine",
    )
    base_url: str = Field(
        "",
        description="Public address of the tool, without final slash, e.g. https://ancrage.example.org",
    )
    data_dir: Path = Field(
        Path("var"),
        description="Folder of the embedded database, of the queue and of issued documents",
    )
    database_url: str = Field(
        "",
        description="SQLAlchemy URL; empty: SQLite in the data folder; PostgreSQL: postgresql+psycopg://…",
    )
    queue_url: str = Field(
        "",
        description="Engine of the background work; empty: SQLite in the data folder, for one machine; else redis://, rediss://, unix:// or postgresql://…",
    )
    job_history_days: int = Field(
        90, ge=2, le=3650, description="How long background work that is over stays in the list"
    )
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (),
        description="Fernet keys separated by commas, newest first; they sign sessions and encrypt tokens and private keys",
    )
    smtp_url: str = Field(
        "",
        description="smtp://user:password@host:587; empty: messages are written in the data folder",
    )
    mail_from: str = Field("ancrage@localhost", description="Sender of the messages")
    default_locale: Literal["fr", "en"] = Field(
        "fr", description="Language of those whose browser asks for none of ours"
    )
    time_zone: str = Field(
        "Europe/Paris", description="Zone in which dates are shown to those whose zone is unknown"
    )
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="How many reverse proxies set X-Forwarded-* in front of the tool"
    )
    private_platforms: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Hosts and networks (CIDR), separated by commas, where a Moodle may stand at a private address; empty: public addresses only",
    )
    ca_file: Path | None = Field(
        None,
        description="File of certificates (PEM) of the authorities trusted beside the public ones, for a Moodle under a private authority",
    )
    session_hours: int = Field(
        8, ge=1, le=72, description="How long a session lasts without a new launch"
    )
    log_format: Literal["json", "console"] = Field("json", description="Format of the log lines")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Lowest level written"
    )
    rate_limit_url: str = Field(
        "memory://",
        description="Where request limits are counted: memory:// for one process, redis://… for several",
    )
    moodle_timeout: float = Field(60.0, gt=0, description="Seconds given to one answer of Moodle")
    watch_minutes: int = Field(
        10,
        ge=1,
        le=360,
        description="Minutes within which a change on a site with a report is to be known; later where the report is so dear that watching it would keep Moodle busy more than 5 % of the time; 60 when within the hour is enough",
    )
    full_read_nights: int = Field(
        7,
        ge=1,
        le=60,
        description="In how many nights every course is read whole once, the oldest first; 14 beside ANCRAGE_WATCH_MINUTES=60",
    )
    night_seconds: float = Field(
        3600.0,
        ge=0,
        description="Seconds of Moodle’s time that whole readings may take in a night, for each site; 0: none by night",
    )
    signal_seconds: float = Field(
        300.0,
        ge=0,
        description="Seconds of Moodle’s time in an hour for reading by signs (accesses, assignments, launches), for each site without a report",
    )
    moodle_connections: int = Field(
        4, ge=1, le=32, description="Calls made at once to one Moodle site, by all workers together"
    )
    issuer_name: str = Field(
        "L’Atelier Des Luttes", description="Name of the body that issues certificates"
    )
    issuer_tagline: str = Field(
        "Société d’expertise plaidoyer & d’accompagnement activiste",
        description="What the issuer is, in one line printed under its name; may be empty",
    )
    issuer_address: str = Field("", description="Postal address printed on documents")
    issuer_place: str = Field("Paris", description="Town printed before the date of issue")
    issuer_siret: str = Field("88970325200011", description="SIRET printed on documents (checked)")
    issuer_vat: str = Field(
        "FR53889703252", description="VAT number printed on documents (checked)"
    )
    issuer_naf: str = Field("7021Z", description="NAF (APE) code printed on documents")
    signatory_name: str = Field("", description="Name of the person who signs for the issuer")
    signatory_role: str = Field(
        "Coordination pédagogique", description="Function of the person who signs for the issuer"
    )

    @field_validator("secret_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("private_platforms", mode="before")
    @classmethod
    def _split_places(cls, value: object) -> object:
        places = value.split(",") if isinstance(value, str) else value
        if not isinstance(places, (list, tuple)):
            return value
        return tuple(_place(str(place).strip()) for place in places if str(place).strip())

    @field_validator("ca_file", mode="before")
    @classmethod
    def _no_file(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("ca_file")
    @classmethod
    def _check_certificates(cls, value: Path | None) -> Path | None:
        if value is not None:
            _read_certificates(value)
        return value

    @field_validator("queue_url")
    @classmethod
    def _check_queue(cls, value: str) -> str:
        address = urlsplit(value)
        kind = address.scheme.removesuffix("+psycopg")
        if value and kind not in ("sqlite", "redis", "rediss", "unix", "postgresql"):
            raise ValueError(
                "starts with sqlite:///, redis://, rediss://, unix:// or postgresql://"
            )
        if kind in ("redis", "rediss") and not address.hostname:
            raise ValueError("names no host, e.g. redis://redis.example.org:6379/0")
        if kind in ("sqlite", "unix") and not address.path.strip("/"):
            raise ValueError("names no file, e.g. sqlite:////var/lib/ancrage/queue.sqlite3")
        return value

    @field_validator("base_url")
    @classmethod
    def _trim_base_url(cls, value: str) -> str:
        return value.rstrip("/")

    @model_validator(mode="after")
    def _refuse_unsafe_values(self) -> Settings:
        address = urlsplit(self.base_url)
        if address.scheme not in ("http", "https") or not address.netloc:
            raise ValueError(
                "set ANCRAGE_BASE_URL to the tool's public address, e.g. https://ancrage.example.org"
            )
        if self.environment == "production" and address.scheme != "https":
            raise ValueError("ANCRAGE_BASE_URL must start with https:// in production")
        if not self.secret_keys:
            raise ValueError("set ANCRAGE_SECRET_KEYS; `ancrage keygen` prints a new key")
        for key in self.secret_keys:
            try:
                Fernet(key.get_secret_value())
            except ValueError:
                raise ValueError(
                    "ANCRAGE_SECRET_KEYS holds a value that is not a Fernet key; `ancrage keygen` prints one"
                ) from None
        return self

    @property
    def origin(self) -> str:
        """Scheme, host and port of the tool."""
        address = urlsplit(self.base_url)
        return f"{address.scheme}://{address.netloc}"

    @property
    def cross_site_cookies(self) -> bool:
        """Whether cookies are sent as ``SameSite=None; Secure; Partitioned``.

        Browsers accept that on https and on names under ``.localhost``; a plain http address of
        this machine gets ``SameSite=Lax``, which is enough where the platform is on the same host.
        """
        address = urlsplit(self.base_url)
        return address.scheme == "https" or (address.hostname or "").endswith(".localhost")

    @property
    def sqlalchemy_url(self) -> str:
        """URL of the database, the embedded one when none is set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'ancrage.sqlite3'}"

    @property
    def engine_url(self) -> str:
        """URL of the engine of the background work, the embedded one when none is set."""
        return self.queue_url or f"sqlite:///{self.data_dir / 'queue.sqlite3'}"


def _place(text: str) -> str:
    """Return a host or a network as it is; a port, an address with https:// or a star is neither."""
    try:
        ip_network(text)
    except ValueError:
        if not re.fullmatch(r"[0-9A-Za-z]([0-9A-Za-z.-]*[0-9A-Za-z])?", text):
            raise ValueError(
                f"{text!r} is neither a host nor a network such as 10.0.0.0/8"
            ) from None
    return text


def _read_certificates(file: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(file)
    except ssl.SSLError:
        raise ValueError(
            f"{file} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
        ) from None
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}") from None


def load_settings(**overrides: object) -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: with one line that says what to set.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic converts the overrides
    except ValidationError as error:
        first = error.errors()[0]
        name = (
            "ANCRAGE_" + "_".join(str(part) for part in first["loc"]).upper()
            if first["loc"]
            else ""
        )
        text = first["msg"].removeprefix("Value error, ")
        raise ConfigurationError(f"{name}: {text}" if name else text) from None
