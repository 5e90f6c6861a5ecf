"""One requests Session per thread, since they are not safe to share."""

import ipaddress
import threading
from urllib.parse import urlsplit
from weakref import WeakSet

import requests

from moodle_client.transport.network import ReadRetry
from moodle_client.transport.options import TransportOptions


class Sessions:
    """Sessions of one site: for each thread one that repeats a failed read, one that does not."""

    def __init__(self, base_url: str, options: TransportOptions) -> None:
        self._direct = _is_loopback(base_url)
        self._options = options
        self._local = threading.local()
        self._opened: WeakSet[requests.Session] = WeakSet()

    def of_thread(self, *, repeating: bool) -> requests.Session:
        """The session of this thread."""
        name = "repeating" if repeating else "once"
        session: requests.Session | None = getattr(self._local, name, None)
        if session is None:
            session = self._open(repeating)
            setattr(self._local, name, session)
            self._opened.add(session)
        return session

    def close(self) -> None:
        """Close the connections of every thread."""
        for session in list(self._opened):
            session.close()

    def _open(self, repeating: bool) -> requests.Session:
        options = self._options
        retries = ReadRetry.of(options.retries, options.backoff) if repeating else 0
        session = requests.Session()
        # A callable in place of credentials, so that no .netrc password is added to the request.
        session.auth = _no_credentials
        session.trust_env = not self._direct
        session.headers["User-Agent"] = options.user_agent
        session.headers["Accept"] = "application/json"
        for scheme in ("http://", "https://"):
            session.mount(scheme, options.connector(retries, options.total_timeout))
        return session


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
