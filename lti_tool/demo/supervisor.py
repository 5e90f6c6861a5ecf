"""Starts the demonstration: its Moodle, the tool and its worker; stops them together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import click

from lti_tool.demo.installation import LISTEN, DemoInstallation
from lti_tool.demo.waiting import wait_for_answer
from lti_tool.errors import ConfigurationError


def run_demo(*, port: int, reset: bool, data_dir: Path) -> int:
    """Run until interrupted; return the exit code.

    Raises:
        ConfigurationError: a port is taken, or a process does not start.
    """
    demo = DemoInstallation(data_dir.resolve(), port)
    for taken in (demo.port, demo.moodle_port):
        _check_port(taken)
    if reset:
        demo.reset()
    demo.forget_unfinished()
    if not demo.is_filled():
        click.echo("Préparation des données de la démonstration (une seule fois)…")
    demo.moodle_dir.mkdir(parents=True, exist_ok=True)
    processes: list[subprocess.Popen[bytes]] = []
    # A shell starts background jobs with SIGINT ignored, and children inherit that.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _interrupt)
    try:
        _start_all(demo, processes)
        click.echo(
            f"\n  Ancrage est prêt : ouvrez  {demo.moodle_url}/\n\n  (Ctrl-C arrête tout ; les données restent dans {data_dir})\n"
        )
        return _watch(processes)
    except KeyboardInterrupt:
        click.echo("\nArrêt…")
        return 0
    finally:
        _stop(processes)


def _start_all(demo: DemoInstallation, processes: list[subprocess.Popen[bytes]]) -> None:
    """Start everything at once, the worker when there are tables; return when the tool answers."""
    processes.append(_start(_moodle_command(demo), demo))
    filling = _start(["lti_tool.demo.fill", str(demo.data_dir), str(demo.port)], demo)
    processes.append(filling)
    processes.append(_start(["lti_tool.cli", "serve", "--light", "--port", str(demo.port)], demo))
    while filling.poll() is None:
        _check_running(processes)
        time.sleep(0.05)
    if filling.returncode:
        raise ConfigurationError("the demonstration could not be filled; its message is above")
    processes.remove(filling)
    processes.append(_start(["lti_tool.cli", "worker"], demo))
    # Not before: a tool without tables would remember that no site may frame it.
    for address in (demo.moodle_url, f"{demo.tool_url}/healthz"):
        wait_for_answer(address, lambda: _check_running(processes))


def _moodle_command(demo: DemoInstallation) -> list[str]:
    return [
        "lti_tool.demo.moodle",
        "--host",
        LISTEN,
        "--port",
        str(demo.moodle_port),
        "--base-url",
        demo.moodle_url,
        "--tool-url",
        demo.tool_url,
        "--data-dir",
        str(demo.moodle_dir),
    ]


def _start(module: list[str], demo: DemoInstallation) -> subprocess.Popen[bytes]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("ANCRAGE_")
    }
    environment |= demo.environment()
    return subprocess.Popen(  # noqa: S603  # our own modules
        [sys.executable, "-m", *module],
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LISTEN, port))
        except OSError:
            raise ConfigurationError(
                f"port {port} is taken; choose another one: make demo PORT=9000"
            ) from None


def _check_running(processes: list[subprocess.Popen[bytes]]) -> None:
    if any(process.poll() for process in processes):
        raise ConfigurationError("a process of the demonstration stopped; its message is above")


def _watch(processes: list[subprocess.Popen[bytes]]) -> int:
    while all(process.poll() is None for process in processes):
        time.sleep(0.5)
    raise ConfigurationError("a process of the demonstration stopped; its message is above")


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Interrupt every process group; the worker ends its job or leaves it to the next sweep."""
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
    limit = time.monotonic() + 8
    for process in processes:
        try:
            process.wait(max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
