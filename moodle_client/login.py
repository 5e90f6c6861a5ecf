"""Asking a site for a token with a name and a password (`login/token.php`)."""

from moodle_client.errors import UnexpectedAnswer
from moodle_client.models.record import Record
from moodle_client.transport import Transport, TransportOptions

LOGIN_PATH = "/login/token.php"


def request_token(
    base_url: str,
    username: str,
    password: str,
    service: str,
    *,
    options: TransportOptions | None = None,
) -> str:
    """Get the token of an account for a service; sent once, never repeated.

    Administrators get none: Moodle refuses them here.

    Args:
        base_url: address of the site.
        username, password: of the account.
        service: short name of the external service.

    Raises:
        LoginRefused: wrong name or password, unknown service, or account not allowed.
    """
    transport = Transport(base_url, "", options=options)
    form = [("username", username), ("password", password), ("service", service)]
    try:
        answer = transport.post(LOGIN_PATH, form, wsfunction=LOGIN_PATH, repeatable=False)
    finally:
        transport.close()
    token = Record(answer, LOGIN_PATH).text("token")
    if not token:
        raise UnexpectedAnswer(wsfunction=LOGIN_PATH, reason="field_token")
    return token
