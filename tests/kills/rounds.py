"""Rounds: grades change, the tool asks, processes die at random moments, then everything must be right."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.standin.process import StandIn
from tests.kills import processes
from tests.kills.engines import Engine, engine
from tests.kills.school import LAYOUT, School

WORKERS = 2
VICTIMS = ("worker", "tool", "tool", "engine")
KILLS = 25
"""In a round."""
GAP = 0.12
"""Seconds between two kills at most."""
REST = 30.0
"""Seconds given to the survivors."""


@dataclass
class Report:
    """What happened and what was wrong."""

    seed: int
    killed: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    seconds: float = 0.0
    wrongs: list[str] = field(default_factory=list)


def run(name: str, moments: int, seed: int, folder: Path) -> Report:
    """Kill at so many moments on one engine.

    Raises:
        NotHere: the engine is not installed.
    """
    report, began = Report(seed), time.monotonic()
    with engine(name, folder) as killed, StandIn(LAYOUT) as moodle:
        stage = Stage(School(killed, moodle, folder), killed, report)
        try:
            while report.killed.total() < moments and not report.wrongs:
                stage.play(min(KILLS, moments - report.killed.total()))
        finally:
            stage.clear()
    report.seconds = time.monotonic() - began
    return report


class Stage:
    """The running processes of one engine."""

    def __init__(self, school: School, killed: Engine, report: Report) -> None:
        self._school = school
        self._engine = killed
        self._report = report
        self._chance = random.Random(report.seed)
        self._workers = [self._start_worker() for _number in range(WORKERS)]
        self._tool = 0
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._reading, False)
        self._unasked: set[int] = set()

    def play(self, kills: int) -> None:
        """One round; the first one reads everything for the first time."""
        if self._report.rounds:
            self._change()
        self._unasked = set(self._school.courses)
        self._start_tool()
        for _kill in range(kills):
            time.sleep(self._chance.uniform(0, GAP))
            victim = self._chance.choice(VICTIMS)
            self._kill("worker" if victim == "tool" and self._tool_is_over() else victim)
        self._settle()
        self._report.rounds += 1
        self._report.wrongs += self._school.wrongs()

    def clear(self) -> None:
        """Leave no process behind."""
        for pid in self._workers:
            processes.kill(pid)
        self._stop_tool()

    def _change(self) -> None:
        for course_id, number in self._school.courses.items():
            learners = self._school.world.learners(number)
            self._school.change(course_id, self._chance.sample(learners, 3))

    def _kill(self, victim: str) -> None:
        if victim == "worker":
            place = self._chance.randrange(WORKERS)
            processes.kill(self._workers[place])
            self._workers[place] = self._start_worker()
        elif victim == "tool":
            self._stop_tool()
            self._start_tool()
        else:
            self._engine.kill(self._chance)
        self._report.killed[victim] += 1

    def _settle(self) -> None:
        """Let the survivors work; what the tool did not get to ask is asked again, and nothing else."""
        limit = time.monotonic() + REST
        while True:
            self._hear()
            if not self._unasked and self._school.is_at_rest():
                return
            if self._tool_is_over() and self._unasked:
                self._start_tool()
            if time.monotonic() > limit:
                self._report.wrongs.append(f"no rest after {REST} s; not asked: {self._unasked}")
                return
            time.sleep(0.03)

    def _hear(self) -> None:
        try:
            told = os.read(self._reading, 65536)
        except BlockingIOError:
            return
        self._unasked -= {int(word) for word in told.split()}

    def _start_worker(self) -> int:
        return processes.start(processes.worker(self._school))

    def _start_tool(self) -> None:
        self._hear()
        work = processes.tool(self._school, sorted(self._unasked), self._writing)
        self._tool = processes.start(work)

    def _stop_tool(self) -> None:
        if not self._tool_is_over():
            processes.kill(self._tool)
            self._tool = 0

    def _tool_is_over(self) -> bool:
        if self._tool and os.waitpid(self._tool, os.WNOHANG)[0]:
            self._tool = 0
        return not self._tool
