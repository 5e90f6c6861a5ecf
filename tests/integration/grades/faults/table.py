"""Every fault of a network, a web server or a site: how it is committed, what must come of it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass

from tests.contract.moodle_client.faulty import hangs_up, keeps_silent, says
from tests.contract.moodle_client.site import recorded
from tests.integration.grades.faults.proxy import Ask, Proxy, Wrong, alone, cut

MEMBERS = "core_enrol_get_enrolled_users"
ACCOUNTS = "core_user_get_users_by_field"
GRADES = "gradereport_user_get_grade_items"
COMPLETION = "core_completion_get_course_completion_status"
HTML = "Content-Type: text/html"
JSON = "Content-Type: application/json"
COORDINATION = "La coordination"
MOODLE_TEAM = "l’équipe de Moodle"
TOOL_ADMINISTRATOR = "la personne qui administre l’outil"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault."""

    name: str
    commit: Callable[[Proxy], None]
    code: str
    retried: bool
    """Whether the job tries again by itself."""
    words: str
    """What the trainer and the coordination read of it."""
    who: str
    """Who is asked to act, in the same sentence."""
    patience: float | None = None
    """Seconds that Moodle is waited for; None: enough."""


def said(name: str) -> Wrong:
    """Answer as the real Moodle did in a recording."""
    answer = recorded(name)
    headers = [f"{key}: {value}" for key, value in answer.headers.items() if _kept(key)]
    return alone(says(f"{answer.status} As recorded", answer.body, *headers))


def _kept(header: str) -> bool:
    return header.lower() not in ("content-length", "transfer-encoding", "connection")


def breaking(wrong: Wrong, function: str = "", *, after: int = 0) -> Callable[[Proxy], None]:
    """Have that happen in the calls of a function, from one of them on."""
    return lambda proxy: proxy.breaks(wrong, function, after=after)


def _page(status: str, body: bytes, *headers: str) -> Wrong:
    return alone(says(status, body, *(headers or (HTML,))))


def _typed_wrong(connection: socket.socket, ask: Ask) -> None:
    _head, _, body = ask().partition(b"\r\n\r\n")
    length = b"Content-Length: %d" % len(body)
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + length + b"\r\n\r\n" + body
    )


LOGIN = b'<!DOCTYPE html><form><input type="hidden" name="logintoken" value="x"></form>'
TO_LOGIN = _page("303 See Other", b"", HTML, "Location: https://moodle.example/login/index.php")


def under(context: str) -> Callable[[Proxy], None]:
    """Have the server show another certificate: ``unknown`` or ``expired``."""

    def commit(proxy: Proxy) -> None:
        proxy.tls = proxy.others[context]

    return commit


def _is_another(proxy: Proxy) -> None:
    """Have another site answer, with its own people under the same numbers."""

    def told(answer: bytes) -> bytes:
        other = answer.replace(proxy.url.replace("/", "\\/").encode(), b"https:\\/\\/autre.example")
        head, _, body = other.replace(b"100.00", b"1.0000").partition(b"\r\n\r\n")
        lines = [one for one in head.split(b"\r\n") if not one.startswith(b"Content-Length")]
        lines.append(b"Content-Length: %d" % len(body))
        return b"\r\n".join(lines) + b"\r\n\r\n" + body

    proxy.rewritten = told


FAULTS = (
    Fault(
        "unreachable",
        breaking(alone(hangs_up)),
        "MOODLE-UNREACHABLE",
        True,
        "injoignable",
        MOODLE_TEAM,
    ),
    Fault(
        "unreachable half way",
        breaking(alone(hangs_up), GRADES),
        "MOODLE-UNREACHABLE",
        True,
        "injoignable",
        MOODLE_TEAM,
    ),
    Fault(
        "slow",
        breaking(alone(keeps_silent), GRADES),
        "MOODLE-TIMEOUT",
        True,
        "trop de temps",
        MOODLE_TEAM,
        patience=0.1,
    ),
    Fault(
        "error 500",
        breaking(_page("500 Internal Server Error", b"")),
        "MOODLE-SERVER-FAILURE",
        True,
        "en panne",
        MOODLE_TEAM,
    ),
    Fault(
        "error 502 with a page",
        breaking(_page("502 Bad Gateway", b"<html>Bad gateway</html>"), GRADES),
        "MOODLE-SERVER-FAILURE",
        True,
        "en panne",
        MOODLE_TEAM,
    ),
    Fault(
        "maintenance from the command line",
        breaking(said("error-maintenance-cli")),
        "MOODLE-MAINTENANCE",
        True,
        "en maintenance",
        "rouvert",
    ),
    Fault(
        "maintenance half way",
        breaking(said("error-maintenance-web"), COMPLETION, after=1),
        "MOODLE-MAINTENANCE",
        True,
        "en maintenance",
        "rouvert",
    ),
    Fault(
        "token expired",
        breaking(said("error-expired-token"), MEMBERS),
        "MOODLE-ACCESS-DENIED",
        False,
        "refuse l’accès avec ce jeton",
        COORDINATION,
    ),
    Fault(
        "token deleted",
        breaking(said("error-expired-token-second-use")),
        "MOODLE-INVALID-TOKEN",
        False,
        "ne reconnaît pas le jeton",
        COORDINATION,
    ),
    Fault(
        "capability removed half way",
        breaking(said("error-missing-capability-grades"), GRADES),
        "MOODLE-COURSE-INACCESSIBLE",
        False,
        "ne peut pas entrer dans ce cours",
        "donnez au rôle du compte",
    ),
    Fault(
        "capability removed before the last calls",
        breaking(said("gradereport_user_get_grade_items-all-as-learner"), COMPLETION, after=1),
        "MOODLE-MISSING-CAPABILITY",
        False,
        "n’a pas le droit de lire",
        "Vérifier l’accès",
    ),
    Fault(
        "course deleted",
        breaking(said("error-wrong-course-enrolled"), MEMBERS),
        "MOODLE-NOT-FOUND",
        False,
        "n’existe plus dans Moodle",
        COORDINATION,
    ),
    Fault(
        "answer cut in the middle",
        breaking(cut(0.5), GRADES),
        "MOODLE-TRUNCATED",
        True,
        "arrivée coupée",
        MOODLE_TEAM,
    ),
    Fault(
        "list of members cut",
        breaking(cut(0.5), MEMBERS),
        "MOODLE-TRUNCATED",
        True,
        "arrivée coupée",
        MOODLE_TEAM,
    ),
    Fault(
        "empty answer",
        breaking(_page("200 OK", b"", JSON), GRADES),
        "MOODLE-TRUNCATED",
        True,
        "arrivée coupée",
        MOODLE_TEAM,
    ),
    Fault(
        "a page instead of an answer",
        breaking(_page("200 OK", b"<!DOCTYPE html><h1>Bonjour</h1>"), GRADES),
        "MOODLE-NOT-MOODLE",
        False,
        "ne répond pas comme un site Moodle",
        COORDINATION,
    ),
    Fault(
        "login page",
        breaking(_page("200 OK", LOGIN)),
        "MOODLE-NOT-MOODLE",
        False,
        "ne répond pas comme un site Moodle",
        COORDINATION,
    ),
    Fault(
        "redirect to a login page",
        breaking(TO_LOGIN),
        "MOODLE-NOT-MOODLE",
        False,
        "ne répond pas comme un site Moodle",
        COORDINATION,
    ),
    Fault(
        "unknown authority",
        under("unknown"),
        "MOODLE-UNREACHABLE",
        True,
        "vient d’une autorité que l’outil ne connaît pas",
        TOOL_ADMINISTRATOR,
    ),
    Fault(
        "certificate expired",
        under("expired"),
        "MOODLE-UNREACHABLE",
        True,
        "certificat du site est expiré",
        "sur le serveur de Moodle",
    ),
    Fault(
        "another site answers",
        _is_another,
        "MOODLE-OTHER-SITE",
        False,
        "Un autre site Moodle répond",
        COORDINATION,
    ),
)

HALF_WAY = tuple(
    fault
    for fault in FAULTS
    if fault.name
    in (
        "unreachable half way",
        "maintenance half way",
        "capability removed before the last calls",
        "answer cut in the middle",
    )
)
"""Those that strike when something was stored already."""
EVERYWHERE = tuple(
    fault
    for fault in FAULTS
    if fault.name
    in (
        "unreachable",
        "error 500",
        "maintenance from the command line",
        "token deleted",
        "login page",
        "redirect to a login page",
        "certificate expired",
    )
)
"""Those that strike whatever is asked."""
