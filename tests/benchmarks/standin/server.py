"""The process of the stand-in: one thread a connection, answers after the delay of a real site.

``python -m tests.benchmarks.standin.server LAYOUT`` writes its address on one line, then answers
until its input ends.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tests.benchmarks.standin.world import REPORT_HEADERS, TOKEN, Layout, World

SERVICE_USER = 900
CHUNK = 64 * 1024
Answer = tuple[float, Iterable[str]]
"""Seconds that it takes, and its text in pieces."""


class Site:
    """Answers of the site, and what it counted."""

    def __init__(self, layout: Layout, base_url: str) -> None:
        self.world = World(layout, base_url)
        self.delays = layout.delays
        self.limit = layout.limit
        self.turns = threading.Semaphore(layout.workers)
        self._lock = threading.Lock()
        self.busy = self.occupied = 0.0
        self._at_work, self._since = 0, 0.0
        self.calls: Counter[str] = Counter()
        self._functions: dict[str, Callable[[dict[str, str]], Answer]] = {
            "core_webservice_get_site_info": self._site_info,
            "core_course_get_courses_by_field": self._courses,
            "core_enrol_get_enrolled_users": self._enrolled,
            "core_user_get_users_by_field": self._users,
            "core_group_get_course_groups": self._groups,
            "core_group_get_group_members": self._group_members,
            "core_grades_get_grade_tree": self._grade_tree,
            "core_reportbuilder_list_reports": self._reports,
            "core_reportbuilder_retrieve_report": self._report,
            "gradereport_user_get_grade_items": self._gradebook,
            "core_completion_get_course_completion_status": self._completion,
            "core_competency_list_course_competencies": lambda _form: (self.delays.call, ["[]"]),
        }

    def answer(self, form: dict[str, str]) -> Iterable[str] | None:
        """Wait as long as Moodle would, then give an answer; None: the web server gave up."""
        name = form.get("wsfunction", "")
        function = self._functions.get(name)
        if function is None:
            return _error("invalidrecord", f"Can't find data record: {name}")
        seconds, pieces = function(form)
        seconds *= self.delays.scale
        spent = seconds if self.limit is None else min(seconds, self.limit * self.delays.scale)
        with self.turns:
            self._work(+1)
            # A stand-in whose whole work is to be as slow as a real site.
            time.sleep(spent)
            self._work(-1)
        with self._lock:
            self.busy += spent
            self.calls[name] += 1
        return pieces if spent == seconds else None

    def _work(self, more: int) -> None:
        """Note that a call begins or ends; the time with one at least is what the site is occupied."""
        with self._lock:
            now = time.perf_counter()
            if self._at_work:
                self.occupied += now - self._since
            self._since = now
            self._at_work += more

    def told(self) -> dict[str, Any]:
        """What was counted since the last reset."""
        with self._lock:
            return {"busy": self.busy, "occupied": self.occupied, "calls": dict(self.calls)}

    def reset(self) -> None:
        """Count from zero."""
        with self._lock:
            self.busy = self.occupied = 0.0
            self.calls.clear()

    def _site_info(self, form: dict[str, str]) -> Answer:
        info = {
            "sitename": "Site fictif",
            "username": "ws_fictif",
            "firstname": "Service",
            "lastname": "Fictif",
            "fullname": "Service Fictif",
            "lang": "fr",
            "userid": SERVICE_USER,
            "siteurl": self.world.base_url,
            "functions": [{"name": name, "version": "2024100706"} for name in self._functions],
            "release": "4.5.6 (Build: 20250811)",
            "version": "2024100706",
        }
        return self.delays.call, [json.dumps(info)]

    def _courses(self, form: dict[str, str]) -> Answer:
        wanted = {int(number) for number in form.get("value", "").split(",") if number.isdigit()}
        courses = [
            {
                "id": course,
                "fullname": f"Cours fictif {course}",
                "displayname": f"Cours fictif {course}",
                "shortname": f"C{course}",
                "categoryid": 1,
                "categoryname": "Fictif",
                "summary": "",
                "summaryformat": 1,
                "visible": 1,
                "format": "topics",
            }
            for course in self.world.courses()
            if not wanted or course in wanted
        ]
        return self.delays.call, [json.dumps({"courses": courses, "warnings": []})]

    def _enrolled(self, form: dict[str, str]) -> Answer:
        options = _options(form)
        people: range = self.world.learners(int(form["courseid"]))
        if "groupid" in options:
            people = self.world.group(int(form["courseid"]), int(options["groupid"]))
        if options.get("onlysuspended") == "1":
            people = people[:0]
        start = int(options.get("limitfrom", 0))
        page = people[start : start + int(options.get("limitnumber", 0) or len(people))]
        found = self.world.enrolled(int(form["courseid"]), page)
        return self.delays.call + self.delays.enrolled * len(page), [json.dumps(found)]

    def _users(self, form: dict[str, str]) -> Answer:
        wanted = [int(value) for key, value in form.items() if key.startswith("values[")]
        found = [
            {
                "id": learner,
                "username": f"apprenant{learner}",
                "fullname": f"Apprenant·e Fictif·ve {learner}",
                "firstname": "Apprenant·e",
                "lastname": f"Fictif·ve {learner}",
                "email": f"apprenant{learner}@example.test",
                "idnumber": f"ADH-{learner}",
                "suspended": False,
            }
            for learner in wanted
        ]
        return self.delays.call, [json.dumps(found)]

    def _groups(self, form: dict[str, str]) -> Answer:
        course = int(form["courseid"])
        groups = [
            {
                "id": group,
                "courseid": course,
                "name": f"Groupe {group}",
                "description": "",
                "descriptionformat": 0,
                "enrolmentkey": None,
                "idnumber": f"G-{group}",
            }
            for group in self.world.group_ids(course)
        ]
        return self.delays.call, [json.dumps(groups)]

    def _group_members(self, form: dict[str, str]) -> Answer:
        each = self.world.layout.groups
        wanted = [int(value) for key, value in form.items() if key.startswith("groupids[")]
        first = self.world.courses().start
        found = [
            {
                "groupid": group,
                "userids": list(self.world.group(first + (group - 1) // each, group)),
            }
            for group in wanted
        ]
        return self.delays.call, [json.dumps(found)]

    def _grade_tree(self, form: dict[str, str]) -> Answer:
        course = form["courseid"]
        tree = {"id": course, "name": f"Cours fictif {course}", "iscategory": True, "children": []}
        return self.delays.call, [json.dumps(json.dumps(tree))]

    def _reports(self, form: dict[str, str]) -> Answer:
        return self.delays.call, [json.dumps({"reports": [_described()], "warnings": []})]

    def _report(self, form: dict[str, str]) -> Answer:
        each = int(form.get("perpage", 10))
        rows = self.world.report_rows(int(form.get("page", 0)) * each, each)
        layout = self.world.layout
        answer = {
            "details": _described(),
            "data": {
                "headers": list(REPORT_HEADERS),
                "rows": rows,
                "totalrowcount": layout.courses * layout.learners,
            },
            "warnings": [],
        }
        return self.delays.report + self.delays.report_row * len(rows), [json.dumps(answer)]

    def _gradebook(self, form: dict[str, str]) -> Answer:
        course, learner = int(form["courseid"]), int(form.get("userid") or 0)
        if learner:
            return self.delays.single, self.world.gradebook(course, [learner])
        people: range = self.world.learners(course)
        if int(form.get("groupid") or 0):
            people = self.world.group(course, int(form["groupid"]))
        return self.delays.whole * len(people), self.world.gradebook(course, people)

    def _completion(self, form: dict[str, str]) -> Answer:
        return self.delays.call, _error("nocriteriaset", "No completion criteria set")


class Handler(BaseHTTPRequestHandler):
    """One request: a call of the web services, or a word to the stand-in itself."""

    protocol_version = "HTTP/1.1"
    site: Site

    def do_POST(self) -> None:
        """Answer a call; ``/standin/…`` is not Moodle's."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path == "/standin/change":
            said = json.loads(body)
            self.site.world.change(said["course"], said["learners"])
            return self._send(200, ["{}"])
        if self.path == "/standin/reset":
            self.site.reset()
            return self._send(200, ["{}"])
        if self.path == "/standin/told":
            return self._send(200, [json.dumps(self.site.told())])
        form = dict(parse_qsl(body, keep_blank_values=True))
        if form.get("wstoken") != TOKEN:
            return self._send(200, _error("invalidtoken", "Invalid token - token not found"))
        pieces = self.site.answer(form)
        if pieces is None:
            return self._send(502, ["<html><body>Bad Gateway</body></html>"])
        return self._send(200, pieces)

    def _send(self, status: int, pieces: Iterable[str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for block in _blocks(pieces):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Say nothing: a line for each call would cost more than the call."""


class Server(ThreadingHTTPServer):
    """Connections are many and short-lived; none outlives the process."""

    daemon_threads = True
    request_queue_size = 128


def _blocks(pieces: Iterable[str]) -> Iterator[bytes]:
    waiting = bytearray()
    for piece in pieces:
        waiting += piece.encode()
        if len(waiting) >= CHUNK:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def _options(form: dict[str, str]) -> dict[str, str]:
    """Return ``options[i][name]`` → ``options[i][value]``."""
    names = {key.split("]")[0]: value for key, value in form.items() if key.endswith("[name]")}
    return {name: form.get(f"{place}][value]", "") for place, name in names.items()}


def _described() -> dict[str, Any]:
    return {
        "id": 1,
        "name": "Ancrage",
        "source": "core_course\\reportbuilder\\datasource\\participants",
        "type": 0,
        "uniquerows": False,
        "conditiondata": "",
        "settingsdata": None,
        "contextid": 1,
        "component": "",
        "area": "",
        "itemid": 0,
        "usercreated": 2,
        "timecreated": 1795300190,
        "timemodified": 1795300190,
        "usermodified": 2,
        "sourcename": "Course participants",
    }


def _error(code: str, message: str) -> list[str]:
    said = {"exception": "core\\exception\\moodle_exception", "errorcode": code, "message": message}
    return [json.dumps(said)]


def main() -> None:
    """Serve until the input ends."""
    server = Server(("127.0.0.1", 0), Handler)
    base_url = f"http://127.0.0.1:{server.server_address[1]}"
    Handler.site = Site(Layout.from_json(sys.argv[1]), base_url)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(base_url, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
