"""The kinds of background work, and the limits under which it runs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from lti_tool.app import TASKS
from lti_tool.jobs import claims, kinds, runner, schedule
from tests.reference.markdown import code, first_line, table


def job_kinds() -> str:
    """Return the table of the tasks that the rooms register."""
    return table(
        ["Kind", "Takes", "What it does", "Where"],
        [
            [code(kind), code(", ".join(_arguments(function))), first_line(function.__doc__), room]
            for kind, function, room in _registered()
        ],
    )


def job_limits() -> str:
    """Return the lease, the attempts and the waits between them."""
    waits = ", ".join(f"{int(wait.total_seconds())} s" for wait in runner.BACKOFF)
    return table(
        ["Limit", "Value"],
        [
            ["Lease, renewed while the task runs", f"{int(claims.LEASE.total_seconds())} s"],
            ["Attempts", str(claims.ATTEMPTS)],
            ["Workers that may die over a job", str(claims.LOSSES)],
            ["Waits before the next attempts", waits],
        ],
    )


def daily_jobs() -> str:
    """Return the table of what the leader asks for every day."""
    registered = {kind: function for kind, function, _room in _registered()}
    return table(
        ["Kind", "From (UTC)", "What it does"],
        [
            [code(one.kind), f"{one.at:%H:%M}", first_line(registered[one.kind].__doc__)]
            for one in schedule.daily_tasks()
            if one.kind in registered
        ],
    )


def frequent_jobs() -> str:
    """Return the table of what the leader asks for every few minutes."""
    registered = {kind: function for kind, function, _room in _registered()}
    return table(
        ["Kind", "Every", "What it does"],
        [
            [
                code(one.kind),
                f"{int(one.period.total_seconds() // 60)} min",
                first_line(registered[one.kind].__doc__),
            ]
            for one in schedule.frequent_tasks()
            if one.kind in registered
        ],
    )


def _registered() -> Iterator[tuple[str, kinds.TaskFunction, str]]:
    for room in TASKS:
        import_module(f"lti_tool.{room}.tasks")
    for kind in sorted(kinds._registry):
        function = kinds.find_task(kind)
        if function.__module__.startswith("lti_tool."):  # tests register tasks of their own
            yield kind, function, code(function.__module__.replace(".", "/") + ".py")


def _arguments(function: kinds.TaskFunction) -> list[str]:
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return [name for name in names if name != "context"]
