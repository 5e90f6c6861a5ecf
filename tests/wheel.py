"""Installs a built wheel alone in an empty environment and sees it work from another folder.

Run as ``python -m tests.wheel dist/ancrage-….whl``: migrates a database, serves pages in French and
English, renders a certificate, and fails loudly when something did not travel with the wheel.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROBE = """
import sys
from datetime import date
from cryptography.fernet import Fernet
import lti_tool
assert "site-packages" in lti_tool.__file__, lti_tool.__file__
from lti_tool.app import create_app
from lti_tool.settings import Settings
settings = Settings(environment="test", base_url="http://localhost:8000", data_dir="data",
                    secret_keys=(Fernet.generate_key().decode(),), _env_file=None)
from lti_tool.store import create_database_engine
from lti_tool.store.migrate import upgrade
upgrade(create_database_engine(settings.sqlalchemy_url))
client = create_app(settings).test_client()
french = client.get("/verifier", headers={"Accept-Language": "fr"})
english = client.get("/verifier", headers={"Accept-Language": "en"})
assert french.status_code == english.status_code == 200, (french.status, english.status)
assert french.data != english.data, "the English catalogue is missing"
assert client.get("/readyz").status_code == 200
assert client.get("/static/ancrage.css").status_code == 200
from lti_tool.documents import CertificateContent, Issuer, SignatureBlock, render_certificate
domains = tuple((f"RMP-ADL-{n}", f"Domaine {n}") for n in range(1, 16))
pdf = render_certificate(CertificateContent(
    holder_name="Ndèye Fictive العربية", domain_code="RMP-ADL-4", domain_label="Domaine 4", domains=domains,
    rule_label="RMP-ADL-4", rule_version="1", route_label="Par la voie de la formation", issued_on=date(2026, 2, 28),
    place="Paris", number="ADL-2026-04-000001-X", verification_url="https://example.test/verifier/A",
    verification_code="AAAA", issuer=Issuer(name="L'Atelier Des Luttes"),
    signatures=(SignatureBlock("A. Fictive", "Coordination"), SignatureBlock("B. Fictif", "Formation"))))
assert pdf.startswith(b"%PDF-") and len(pdf) > 20_000
print("the wheel works alone")
"""


def main(wheel: str) -> int:
    """Install and try the wheel; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        venv.create(place / "venv", with_pip=True)
        python = place / "venv" / "bin" / "python"
        install = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "-c",
            str(ROOT / "constraints.txt"),
            str(Path(wheel).resolve()),
        ]
        subprocess.run(install, check=True)
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANCRAGE_", "PYTHON"))}
        (place / "elsewhere").mkdir()
        return subprocess.run(
            [str(python), "-W", "error::SyntaxWarning", "-c", PROBE],
            cwd=place / "elsewhere",
            env=clean,
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
