"""The settings and addresses of a demonstration, kept in its data folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from lti_tool.settings import Settings, load_settings

HOST = "localhost"
LISTEN = "127.0.0.1"
WATCH_MINUTES = 1
"""A grade changed in the demonstration's Moodle shows in the tool about a minute later."""


@dataclass(frozen=True, slots=True)
class DemoInstallation:
    """Where a demonstration lives: its folder and its two ports."""

    data_dir: Path
    port: int

    @property
    def tool_url(self) -> str:
        """Address of the tool."""
        return f"http://{HOST}:{self.port}"

    @property
    def moodle_port(self) -> int:
        """Port of the demonstration's Moodle: the one after the tool's."""
        return self.port + 1

    @property
    def moodle_url(self) -> str:
        """Address of the demonstration's Moodle, another origin than the tool's."""
        return f"http://{HOST}:{self.moodle_port}"

    @property
    def moodle_dir(self) -> Path:
        """Folder of what the demonstration's Moodle keeps."""
        return self.data_dir / "moodle"

    @property
    def tool_dir(self) -> Path:
        """Folder of what the tool keeps."""
        return self.data_dir / "tool"

    def settings(self) -> Settings:
        """Return the settings of the tool; the key is made once and kept in the folder."""
        return load_settings(
            _env_file=None,
            environment="demo",
            base_url=self.tool_url,
            private_platforms=(HOST,),
            data_dir=self.tool_dir,
            secret_keys=(self._key(),),
            issuer_address="Adresse fictive de démonstration",
            signatory_name="Mariette Coordination-Fictive",
            log_format="console",
            log_level="WARNING",
            watch_minutes=WATCH_MINUTES,
        )

    def environment(self) -> dict[str, str]:
        """Return the variables from which another process reads the same settings."""
        settings = self.settings()
        return {
            "ANCRAGE_ENVIRONMENT": settings.environment,
            "ANCRAGE_BASE_URL": settings.base_url,
            "ANCRAGE_PRIVATE_PLATFORMS": ",".join(settings.private_platforms),
            "ANCRAGE_DATA_DIR": str(settings.data_dir),
            "ANCRAGE_SECRET_KEYS": self._key(),
            "ANCRAGE_ISSUER_ADDRESS": settings.issuer_address,
            "ANCRAGE_SIGNATORY_NAME": settings.signatory_name,
            "ANCRAGE_LOG_FORMAT": settings.log_format,
            "ANCRAGE_LOG_LEVEL": settings.log_level,
            "ANCRAGE_WATCH_MINUTES": str(settings.watch_minutes),
        }

    def reset(self) -> None:
        """Forget everything, so that the next start begins again."""
        shutil.rmtree(self.data_dir, ignore_errors=True)

    def is_filled(self) -> bool:
        """Whether the tool's data was written to its end."""
        return self._filled.is_file()

    def mark_filled(self) -> None:
        """Remember that the tool's data was written to its end."""
        self._filled.touch()

    def forget_unfinished(self) -> None:
        """Remove the tool's data when its filling was interrupted: half a story is worth none."""
        # The key is the proof that the folder is ours.
        if self._key_file.is_file() and not self.is_filled():
            shutil.rmtree(self.tool_dir, ignore_errors=True)

    @property
    def _filled(self) -> Path:
        return self.tool_dir / "filled"

    @property
    def _key_file(self) -> Path:
        return self.data_dir / "key.txt"

    def _key(self) -> str:
        path = self._key_file
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(Fernet.generate_key().decode(), encoding="ascii")
        return path.read_text(encoding="ascii").strip()
