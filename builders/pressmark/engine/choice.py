"""Which engine runs a build, by its name. Ray is imported where it is asked for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from pressmark.engine.local import LocalEngine
from pressmark.errors import UsageError
from pressmark.plan import Engine

LOCAL, RAY = "local", "ray"
EXTRA = {RAY, "grpc"}
"""Modules of the extra."""

_CLIENT, _ADDRESS = "ray://", "RAY_ADDRESS"


@contextmanager
def engine_of(chosen: str | Engine, workers: int) -> Iterator[Engine]:
    """Give the engine of a name, and end it; or one that is there, which whoever made it ends.

    Args:
        chosen: `local`; `ray` for the cluster of `RAY_ADDRESS`, or one on this machine where that is not set;
            `ray://HOST:PORT` for the cluster whose client server is there; or an engine.
        workers: Processes, of an engine on this machine.

    Raises:
        UsageError: there is no such engine, or Ray is not installed.
        PressmarkError: the cluster is not to be used.
    """
    if not isinstance(chosen, str):
        yield chosen
    elif chosen == LOCAL:
        with LocalEngine(workers) as here:
            yield here
    elif chosen == RAY or chosen.startswith(_CLIENT):
        try:
            engine = import_module("pressmark.engine.ray").RayEngine
        except ModuleNotFoundError as error:
            if (error.name or "").split(".")[0] not in EXTRA:
                raise
            advice = "install the extra: `pip install 'pressmark[ray]'`, or `pip install -e '.[ray]'` in a clone"
            raise UsageError("the engine `ray` needs Ray, which is not installed", advice=advice) from error
        with engine(chosen if chosen != RAY else os.environ.get(_ADDRESS), workers) as there:
            yield there
    else:
        raise UsageError(f"found the engine {chosen!r}", advice="expected local, ray, or ray://HOST:PORT")
