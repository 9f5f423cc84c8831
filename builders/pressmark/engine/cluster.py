"""A Ray cluster for a build: started on this machine and ended, or joined and left."""

import logging
import os
import secrets
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import grpc
import ray
from ray._private import ray_constants
from ray._raylet import AuthenticationTokenLoader, Config
from ray.exceptions import RayError

from pressmark.errors import PressmarkError, RemoteError

_TOKENS = ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")
_CHANGED = (*_TOKENS, "PYTHONBREAKPOINT")
"""Variables that Ray sets by itself."""

_QUIET = {"RAY_USAGE_STATS_ENABLED": "0"}

STORE_BYTES = 200 * 10**6
"""Ray's store of objects on this machine: tasks and results are small, and what does not fit goes to its folder."""

SECONDS = 10.0
"""How long a cluster may take to answer at all."""

SECONDS_KILLED = 10.0
"""How long killed workers may take to be gone."""

CHANNEL_SECONDS = "RAY_CLIENT_SERVER_CHECK_CHANNEL_TIMEOUT_S"
"""Variable of Ray's client server: how long it waits for the process that it starts for each that joins."""


@contextmanager
def cluster(address: str | None, workers: int) -> Iterator[Callable[[], None] | None]:
    """Be in a Ray cluster; where this process is in one already, in that. Gives what ends one that was started for it.

    Args:
        address: Of a cluster, as Ray has it; none to start one on this machine.
        workers: Processors of one that is started.

    Raises:
        RemoteError: it is not to be reached.
        PressmarkError: it does not start.
    """
    if ray.is_initialized():
        yield None
    elif address in (None, "", "local"):
        with _started(workers):
            yield end
    else:
        assert address is not None
        with _joined(address):
            yield None


@contextmanager
def _started(workers: int) -> Iterator[None]:
    """Start a cluster on this machine that listens on loopback alone, and leave nothing of it."""
    told = {**_QUIET, "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
    if not any(name in os.environ for name in _TOKENS):
        # By itself Ray would write a token into the home of the user.
        told["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
    # Where Ray itself would put it: names of sockets may not be long, and a user's folder for temporary files may be.
    below = os.environ.get("RAY_TMPDIR") or "/tmp"  # noqa: S108 - mkdtemp makes a folder of its own there
    folder, before = tempfile.mkdtemp(prefix="pressmark-ray-", dir=below), ray_constants.ENABLE_RAY_CLUSTER
    with _surroundings(told):
        try:
            # Ray has no other switch for it, and reads the variable above when it is imported. Without it, its
            # processes listen on every address of the machine.
            ray_constants.ENABLE_RAY_CLUSTER = False
            _start(workers, folder)
            yield
        finally:
            end()
            ray_constants.ENABLE_RAY_CLUSTER = before
            shutil.rmtree(folder, ignore_errors=True)


def end() -> None:
    """End the cluster that this process started, with all that runs in it: afterwards no worker writes anywhere.

    Its tasks are not cancelled. Ray 2.60 aborts this process where one of them is done at that moment.
    """
    psutil, node = import_module("psutil"), ray._private.worker._global_node  # noqa: SLF001 - Ray brings the former
    workers = []
    for _, process in node.live_processes() if node else ():
        with suppress(psutil.Error):
            workers += psutil.Process(process.pid).children(recursive=True)
    ray.shutdown(wait_for_processes=True)
    for worker in workers:
        with suppress(psutil.Error):
            worker.kill()
    psutil.wait_procs(workers, SECONDS_KILLED)


def _start(workers: int, folder: str) -> None:
    try:
        _init(
            address="local",
            num_cpus=workers,
            object_store_memory=STORE_BYTES,
            include_dashboard=False,
            _node_ip_address="127.0.0.1",
            _temp_dir=folder,
        )
    except (ConnectionError, RuntimeError, ValueError, RayError) as error:
        raise PressmarkError(
            f"Ray did not start a cluster on this machine: {str(error).strip().splitlines()[0]}",
            advice="look at memory, at the room for temporary files, and at variables of the environment named RAY_*",
        ) from error


def _init(**options: Any) -> None:
    """Start or join; where this process is told to end meanwhile, it does so as soon as Ray is there.

    Ray starts processes and threads, and an exception that a signal raises within what Python runs beside a fork is
    passed over: the build would go on. By itself Ray would also have SIGTERM do something else from then on.
    """
    with _heard_later() if threading.current_thread() is threading.main_thread() else nullcontext():
        ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)


@contextmanager
def _heard_later() -> Iterator[None]:
    """Keep the first SIGINT or SIGTERM until the end; a second one does what it would do otherwise."""
    numbers, heard = (signal.SIGINT, signal.SIGTERM), list[int]()
    before = {number: signal.getsignal(number) or signal.SIG_DFL for number in numbers}

    def hear(number: int, _: object) -> None:
        heard.append(number)
        signal.signal(number, before[signal.Signals(number)])

    set_by_ray = ray._private.utils.set_sigterm_handler  # noqa: SLF001 - there is no switch for it
    ray._private.utils.set_sigterm_handler = lambda _: None  # noqa: SLF001
    try:
        for number in numbers:
            signal.signal(number, hear)
        yield
    finally:
        ray._private.utils.set_sigterm_handler = set_by_ray  # noqa: SLF001
        for number in numbers:
            signal.signal(number, before[number])
        for told in heard:
            signal.raise_signal(told)


@contextmanager
def _joined(address: str) -> Iterator[None]:
    """Join a cluster, and leave it."""
    refuse_silent(address)
    with _surroundings(_QUIET):
        try:
            _init(address=address)
        except (ConnectionError, RuntimeError, ValueError, RayError) as error:
            ray.shutdown()
            raise RemoteError(
                f"the Ray cluster at {address} does not take this process: {said(str(error))}",
                advice="look at the address, at the versions of Ray and Python there, at RAY_AUTH_TOKEN, and whether "
                "the node has processors to spare: for ray:// it has to start a process within half a minute, or "
                f"within as many seconds as {CHANNEL_SECONDS} says to `ray start --head`",
            ) from error
        try:
            yield
        finally:
            ray.shutdown()


def said(message: str) -> str:
    """Return the line of an error of Ray that says what it was: the first, or the last where that only announces it."""
    lines = [line.strip() for line in message.splitlines() if line.strip()] or ["nothing"]
    return f"{lines[0]} {lines[-1]}" if lines[0].endswith(":") and len(lines) > 1 else lines[0]


def refuse_silent(address: str) -> None:
    """Refuse an address at which no cluster listens: Ray itself waits for minutes.

    Raises:
        RemoteError: none does.
    """
    if address == "auto":
        return
    try:
        found = urlsplit(address if "://" in address else f"//{address}")
        host, port = found.hostname, found.port
    except ValueError:
        host = port = None
    if not host or not port:
        raise RemoteError(
            f"found {address!r} as the address of a Ray cluster", advice="expected HOST:PORT or ray://HOST:PORT"
        )
    try:
        socket.create_connection((host, port), SECONDS).close()
        if os.environ.get("RAY_USE_TLS", "0") == "0":
            with grpc.insecure_channel(f"{host}:{port}") as channel:
                grpc.channel_ready_future(channel).result(SECONDS)
    except (OSError, grpc.FutureTimeoutError) as error:
        said = error.strerror or error if isinstance(error, OSError) else "what listens there is something else"
        raise RemoteError(
            f"no Ray cluster answers at {address}: {said}",
            advice="look whether it runs (`ray status`) and whether the address is right",
        ) from error


@contextmanager
def _surroundings(told: Mapping[str, str]) -> Iterator[None]:
    """Have some variables of the environment, and what Ray sets, for as long as it lasts."""
    before = {name: os.environ.get(name) for name in (*told, *_CHANGED)}
    os.environ.update(told)
    _look_again()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        _look_again()


def _look_again() -> None:
    """Make Ray look at its variables again: it keeps what it saw, and a process may start two clusters."""
    Config.initialize("")
    AuthenticationTokenLoader.instance().reset_cache()
