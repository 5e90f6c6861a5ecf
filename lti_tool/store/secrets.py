"""The keyring that encrypts secrets at rest. The first key encrypts, every key decrypts."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from lti_tool.errors import ConfigurationError

UNOPENED = (
    "a stored secret cannot be opened: put the key that encrypted it back in ANCRAGE_SECRET_KEYS"
)
_keyring: list[MultiFernet] = []


def configure_keyring(keys: Sequence[str]) -> None:
    """Install the Fernet keys of this process, newest first."""
    _keyring[:] = [MultiFernet([Fernet(key) for key in keys])]


def encrypt(text: str) -> str:
    """Return ``text`` encrypted with the newest key."""
    return _current().encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """Return the text that ``encrypt`` was given.

    Raises:
        ConfigurationError: none of the installed keys opens it.
    """
    try:
        return _current().decrypt(stored.encode()).decode()
    except InvalidToken:
        raise ConfigurationError(UNOPENED) from None


def reencrypt(stored: str) -> str:
    """Return what ``encrypt`` would store today for the same text, its date kept.

    Raises:
        ConfigurationError: none of the installed keys opens it.
    """
    try:
        return _current().rotate(stored.encode()).decode()
    except InvalidToken:
        raise ConfigurationError(UNOPENED) from None


def _current() -> MultiFernet:
    if not _keyring:
        raise ConfigurationError("the keyring was used before the settings were loaded")
    return _keyring[0]
