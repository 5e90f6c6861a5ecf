"""A site and a clock without waiting: answers come at once, and the clock moves by what they would take."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from lti_tool import clock
from lti_tool.platforms.service import access
from tests.benchmarks.standin.server import TOKEN, Site
from tests.benchmarks.standin.world import Layout

BASE_URL = "https://moodle.example.test"


class Clock:
    """Stands still but for what is slept; several threads may sleep, one after the other."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.seconds = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The present moment."""
        return self.start + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        """Move on."""
        with self._lock:
            self.seconds += seconds

    def wait_until(self, moment: datetime) -> None:
        """Move on to a moment, which may have passed."""
        self.seconds = max(self.seconds, (moment - self.start).total_seconds())


class VirtualSite(Site):
    """The stand-in, in this process; ``before`` is called as each call comes in."""

    def __init__(self, layout: Layout, before: Callable[[], None]) -> None:
        super().__init__(layout, BASE_URL)
        self._before = before

    def answer(self, form: dict[str, str]) -> Any:
        """Answer as the site is when it is asked."""
        self._before()
        return super().answer(form)


class _Adapter(HTTPAdapter):
    """Takes a request straight to the site."""

    def __init__(self, site: VirtualSite) -> None:
        super().__init__()
        self._site = site

    def send(self, request: PreparedRequest, *_args: Any, **_values: Any) -> Response:
        """Answer with what the site says."""
        body = request.body or b""
        text = body.decode() if isinstance(body, bytes) else str(body)
        form = dict(parse_qsl(text, keep_blank_values=True))
        if form.get("wstoken") != TOKEN:
            raise AssertionError("another token")
        pieces = self._site.answer(form)
        raw = HTTPResponse(
            body=io.BytesIO("".join(pieces or ()).encode()),
            headers={"Content-Type": "application/json"},
            status=502 if pieces is None else 200,
            preload_content=False,
        )
        return self.build_response(request, raw)


@contextmanager
def virtual(site: VirtualSite, ticking: Clock) -> Iterator[None]:
    """Have the tool speak to the site, and everybody's clock be that one."""
    with (
        patch.object(clock, "now", ticking.now),
        patch.object(time, "monotonic", lambda: ticking.seconds),
        patch.object(time, "sleep", ticking.sleep),
        patch.object(access, "judged_connector", lambda _retries, _total: _Adapter(site)),
    ):
        yield
