"""Storing a gradebook beside a bare bulk insert of the same rows, and storing it again unchanged.

Both write the same values in the same batches on the same connection; the bare one into copies of
the two tables, with their keys, references and indexes. Reading and parsing are not counted here.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, Table, event, select

from lti_tool import clock
from lti_tool.grades.due import lock_course
from lti_tool.grades.models import GradeItem, GradeSnapshot
from lti_tool.grades.pulls import begin_pull
from lti_tool.grades.reading.gradebooks import BATCH
from lti_tool.grades.rules.plan import Way
from lti_tool.grades.rules.scope import WHOLE
from lti_tool.grades.storing.gradebooks import Target, store_gradebooks
from lti_tool.grades.storing.items import Items
from lti_tool.grades.storing.values import COLUMNS, values_of
from lti_tool.people.accounts import Known, find_or_create_accounts
from lti_tool.platforms.models import Site
from lti_tool.store import Base
from moodle_client import UserGrades
from moodle_client.models.record import Record
from tests.benchmarks.figures import Figure, ratio
from tests.benchmarks.installations import Installation, each_engine
from tests.benchmarks.size import Size
from tests.benchmarks.standin.world import FIRST_COURSE, Layout, World
from tests.benchmarks.stopwatch import Stopwatch
from tests.factories import make_course, make_site

RATE = 0.4
"""Share of the rate of a bare insert that storing reaches at least."""
UNCHANGED = 0.2
"""Share of a first storing that an unchanged one takes at most."""


def measure(size: Size) -> Iterator[Figure]:
    """Store courses one after the other, each beside its bare insert."""
    with each_engine(size) as installations:
        for tool in installations:
            yield from _measure_on(tool, size)


def _measure_on(tool: Installation, size: Size) -> Iterator[Figure]:
    bench = _Bench(tool, size)
    bare, first, again, written = [], [], [], 0
    for _run in range(size.storings):
        course = bench.new_course()
        gc.collect()
        # What shares the machine weighs on both alike: they take turns.
        first.append(bench.store(course))
        bare.append(bench.insert(course))
        again.append(bench.store(course))
        written += bench.written
    name = tool.engine_name
    slower = ratio(f"storing beside a bare insert, {name}", first, bare)
    yield Figure(slower.what, "×", slower.values, limit=1 / RATE, judged="median")
    same = ratio(f"unchanged beside a first storing, {name}", again, first)
    yield Figure(same.what, "×", same.values, limit=UNCHANGED, judged="median")
    rows = size.storing_learners * bench.columns
    yield Figure(f"grades stored a second, {name}", "", tuple(rows / seconds for seconds in first))
    yield Figure(f"rows written by an unchanged storing, {name}", "", (float(written),), limit=0)


class _Bench:
    columns = 13

    def __init__(self, tool: Installation, size: Size) -> None:
        self._tool, self._learners = tool, size.storing_learners
        self.written = 0
        with tool.parts.sessions() as session:
            self._site_id = make_site(session, f"http://{tool.engine_name}.localhost").id
            session.commit()
        event.listen(tool.parts.engine, "before_cursor_execute", self._note)
        copies = MetaData(naming_convention=Base.metadata.naming_convention)
        for table in Base.metadata.sorted_tables:
            table.to_metadata(copies)
        self._bare = [_bare_snapshots(copies), _bare_current(copies)]
        copies.create_all(tool.parts.engine, tables=self._bare)
        self._number, self._snapshots = FIRST_COURSE, 0

    def new_course(self) -> _Course:
        """A course with its learners known and its gradebook read, nothing stored."""
        self._number += 1
        layout = Layout(courses=self._number, learners=self._learners, columns=self.columns)
        world = World(layout, "http://standin.localhost")
        people = world.learners(self._number)
        text = "".join(world.gradebook(self._number, people))
        answer = Record(json.loads(text, parse_float=Decimal), "")
        with self._tool.parts.sessions.begin() as session:
            course_id = make_course(session, session.get_one(Site, self._site_id), self._number).id
            accounts = find_or_create_accounts(
                session, self._site_id, [Known(str(number)) for number in people]
            )
        gradebooks = [UserGrades.read(one) for one in answer.children("usergrades")]
        return _Course(
            course_id, {int(number): one for number, one in accounts.items()}, gradebooks
        )

    def store(self, course: _Course) -> float:
        """Store the gradebook as a reading does; return the seconds that it took."""
        sessions = self._tool.parts.sessions
        with sessions.begin() as session:
            pull = begin_pull(session, course.id, WHOLE, None)
        with sessions() as session:
            items = Items(session, course.id)
        target = Target(course.id, pull.id, course.accounts, frozenset(), everyone=True)
        self.written = 0
        with Stopwatch() as watch:
            for part in course.parts():
                with sessions.begin() as session:
                    lock_course(session, course.id)
                    store_gradebooks(session, target, items, part, Way.WHOLE, clock.now())
        return watch.elapsed

    def insert(self, course: _Course) -> float:
        """Insert the same rows and nothing else; return the seconds that it took."""
        snapshots, present = self._bare
        with self._tool.parts.sessions() as session:
            rows = session.execute(
                select(GradeItem.moodle_id, GradeItem.id).where(GradeItem.course_id == course.id)
            )
            ids = {row.moodle_id: row.id for row in rows}
            pull = begin_pull(session, course.id, WHOLE, None)
            session.commit()
        moment = clock.now()
        batches = []
        for part in course.parts():
            new: list[dict[str, Any]] = []
            for grades in part:
                for item in grades.items:
                    self._snapshots += 1
                    new.append(
                        {
                            "id": self._snapshots,
                            "item_id": ids[item.id],
                            "account_id": course.accounts[grades.user_id],
                            "pull_id": pull.id,
                            "way": Way.WHOLE,
                            "read_at": moment,
                            **dict(zip(COLUMNS, values_of(item, None), strict=True)),
                        }
                    )
            current = [
                {
                    "account_id": row["account_id"],
                    "item_id": row["item_id"],
                    "snapshot_id": row["id"],
                }
                for row in new
            ]
            batches.append((new, current))
        with Stopwatch() as watch:
            for new, current in batches:
                with self._tool.parts.engine.begin() as connection:
                    connection.execute(snapshots.insert(), new)
                    connection.execute(present.insert(), current)
        return watch.elapsed

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.written += statement.startswith(("INSERT", "UPDATE", "DELETE"))


class _Course:
    def __init__(self, number: int, accounts: dict[int, int], gradebooks: list[UserGrades]) -> None:
        self.id, self.accounts, self._gradebooks = number, accounts, gradebooks

    def parts(self) -> Iterator[list[UserGrades]]:
        for start in range(0, len(self._gradebooks), BATCH):
            yield self._gradebooks[start : start + BATCH]


def _bare_snapshots(metadata: MetaData) -> Table:
    table: Any = GradeSnapshot.__table__
    copy: Table = table.to_metadata(metadata, name="bare_snapshot")
    copy.primary_key.name = "pk_bare_snapshot"
    for index in copy.indexes:
        index.name = f"bare_{index.name}"
    return copy


def _bare_current(metadata: MetaData) -> Table:
    """The same table as ``current_grade``, with a reference to the copy of the snapshots."""
    return Table(
        "bare_current",
        metadata,
        Column("account_id", ForeignKey("account.id"), primary_key=True),
        Column("item_id", ForeignKey("grade_item.id"), primary_key=True),
        Column("snapshot_id", ForeignKey("bare_snapshot.id")),
    )
