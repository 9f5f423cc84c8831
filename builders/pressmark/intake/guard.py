"""Parsers at arm's length: in a process of their own, limited in memory and time, and replaced when it dies.

Inputs come from anywhere. One that makes a parser hang, or die, or eat all memory costs itself and nothing else.
"""

import contextlib
import multiprocessing
import resource
from collections.abc import Callable, Generator, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from pressmark.errors import PressmarkError
from pressmark.findings import RefusedInputError

SECONDS = 60.0
"""How long one input may take, or some rows of a table; the largest pages take a few."""

MEMORY_BYTES = 4 << 30
"""How much address space the process may take beyond what it starts with, which differs by the number of cores; the
allocator of Arrow reserves about one GB of it unused."""

_READY, _RESULT, _END, _REFUSED = "ready", "result", "end", "refused"

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


class Guard:
    """A process that calls functions. Use it in a `with`, which ends the process.

    The function, its arguments and its result cross over as pickles.
    """

    def __init__(self, seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._process: Any = None
        self._pipe: Connection | None = None
        self._is_yielding = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def call(
        self, function: Callable[Arguments, Result], /, *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Result:
        """Call a function there.

        Raises:
            RefusedInputError: as the function does, and `parser-failed` where it does not come back.
            PressmarkError: the process does not start, which is no fault of the input.
        """
        self._ask(function, arguments, options)
        return self._answer()[1]  # type: ignore[no-any-return]

    def each(
        self,
        function: Callable[Arguments, Iterator[Result]],
        /,
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Generator[Result]:
        """Call a function there that yields, and yield what it does. Nothing else is called until it has ended.

        Whoever stops early ends the process: what is still on its way must not be the answer to what is asked next.

        Raises:
            RefusedInputError: as the function does, and `parser-failed` where it does not go on.
            PressmarkError: as for `call`.
        """
        self._ask(function, arguments, options)
        self._is_yielding = True
        try:
            while (answer := self._answer())[0] != _END:
                yield answer[1]
        except GeneratorExit:
            self._end()
            raise
        finally:
            self._is_yielding = False

    def _ask(self, function: Callable[..., Any], arguments: Any, options: Any) -> None:
        assert not self._is_yielding, "what is asked now would get an answer to what was asked before"
        pipe = self._pipe or self._start()
        # Where nobody is there any more, the answer says so.
        with contextlib.suppress(ConnectionError):
            pipe.send((function, arguments, options))

    def _answer(self) -> tuple[str, Any]:
        assert self._pipe is not None
        pipe = self._pipe
        try:
            if not pipe.poll(self._seconds):
                self._end()
                raise RefusedInputError("parser-failed", f"found no end after {self._seconds:g} seconds")
            outcome, value = pipe.recv()
        except (EOFError, ConnectionError) as error:
            self._process.join()
            status = self._process.exitcode
            self._end()
            raise RefusedInputError("parser-failed", f"the parser's process died: {status}") from error
        if outcome == _REFUSED:
            raise RefusedInputError(*value)
        return outcome, value

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._memory_bytes), daemon=True)
        process.start()
        self._process = process
        theirs.close()
        try:
            has_started = self._pipe.poll(SECONDS) and self._pipe.recv() == _READY
        except (EOFError, ConnectionError):
            has_started = False
        if not has_started:
            self._end()
            raise PressmarkError(
                "the process that parses pages does not start",
                advice='a script keeps its own work under `if __name__ == "__main__"`, for that process reads it too; '
                "else look whether the machine has memory left",
            )
        return self._pipe

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


def _serve(pipe: Connection, memory_bytes: int) -> None:
    """Call what is asked for until nobody asks any more."""
    with contextlib.suppress(ValueError, OSError):  # a system that knows no such limit
        most = _address_space() + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(EOFError, ConnectionError, KeyboardInterrupt):
        pipe.send(_READY)
        while True:
            function, arguments, options = pipe.recv()
            for outcome in _outcomes(function, arguments, options):
                pipe.send(outcome)


def _address_space() -> int:
    """Return how many bytes of addresses this process has taken."""
    pages, *_ = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(pages) * resource.getpagesize()


def _outcomes(function: Callable[..., Any], arguments: Any, options: Any) -> Iterator[tuple[str, Any]]:
    try:
        result = function(*arguments, **options)
        if isinstance(result, Iterator):
            for each in result:
                yield _RESULT, each
            yield _END, None
        else:
            yield _RESULT, result
    except RefusedInputError as error:
        yield _REFUSED, (error.code, error.detail, error.place)
    except Exception as error:  # noqa: BLE001 - whatever a parser raises costs this input, and says so
        yield _REFUSED, ("parser-failed", f"the parser raised {type(error).__name__}", "")
