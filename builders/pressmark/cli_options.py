"""What the commands of the command line share: options, exit codes, and errors in words."""

import os
import re
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from pressmark import report
from pressmark.article.dates import A_DAY, no_such_day
from pressmark.engine.local import EACH_BYTES, LEADING_BYTES
from pressmark.errors import PressmarkError, SystemRefusedError, refused_by_system
from pressmark.s3_address import is_on_s3

Arguments = ParamSpec("Arguments")

FINE, FINDINGS, STOPPED = 0, 1, 130
"""Exit codes; the errors know theirs: 2 usage, 3 refused by the rights gate, 4 remote trouble. 130 is what shells give
what Ctrl-C ended, as 141 what writes to a pipe that nobody reads any more."""

DIST = Path("dist")
"""Where releases go unless `--out` says otherwise."""


class Day(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions of click alone
    """A day, as people write it in ISO 8601."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the day as a date."""
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            why = no_such_day(value)
            self.fail(f"found {value!r}, expected {A_DAY}{why and f'; {why}'}", param, ctx)


json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
as_of_option = click.option(
    "--as-of",
    type=Day(),
    help="The day that counts as today for permissions and decisions, such as 2026-01-31.  [default: today in UTC]",
)
_MEMORY, _UNITS = re.compile("([0-9]{1,6}) ?(MB|GB)"), {"MB": 10**6, "GB": 10**9}


def _bytes(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """Return the bytes of an option, or None where it was not given."""
    if value is None:
        return None
    found = _MEMORY.fullmatch(value)
    if not found:
        raise click.BadParameter(f"found {value!r}, expected a size such as 500MB or 2GB")
    size = int(found[1]) * _UNITS[found[2]]
    if size < LEADING_BYTES + EACH_BYTES:
        least = (LEADING_BYTES + EACH_BYTES) // 10**6
        raise click.BadParameter(f"found {value!r}, expected at least {least}MB: what one process takes")
    return size


memory_option = click.option(
    "--memory",
    callback=_bytes,
    metavar="SIZE",
    help="Private memory of all processes together, about, such as 500MB: fewer are started where it is less.",
)


class Place(click.Path):
    """A path, or an address that has two slashes, which a path would lose."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a path, or an address as it was written."""
        return value if is_on_s3(value) else super().convert(value, param, ctx)


class Folder(click.Path):
    """A folder of this machine, and none in a bucket."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if is_on_s3(value):
            self.fail(
                f"found {value}, expected a folder. A build with a workshop in a bucket has a copy of it here, such as "
                "work/.s3/BUCKET/PREFIX; releases there have to be copied",
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


work_option = click.option(
    "--work",
    type=Place(),
    default=Path("work"),
    show_default=True,
    help="Where the private workshop is: a folder, or s3://BUCKET/PREFIX.",
)
copies_option = click.option(
    "--copies",
    type=click.Path(path_type=Path),
    default=Path("work"),
    show_default=True,
    help="With --work in a bucket: the folder for copies of what is in buckets.",
)
corpus_argument = click.argument("corpus", type=click.Path(path_type=Path))


def errors_in_words(command: Callable[Arguments, int]) -> Callable[Arguments, None]:
    """Make a command print what stops it, and exit with the code that belongs to it."""

    @wraps(command)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            try:
                code = command(*args, **kwargs)
                sys.stdout.flush()
            except BrokenPipeError:
                report.unread()
            except Exception as error:
                refused = refused_by_system(error)
                if refused is None:
                    raise
                raise SystemRefusedError(refused) from error
            except KeyboardInterrupt as stopped:
                click.echo("stopped", err=True)
                _told_besides(stopped)
                code = STOPPED
            except SystemExit as ended:
                _told_besides(ended)
                raise
        except PressmarkError as error:
            if kwargs.get("as_json"):
                faults = [fault.as_dict() for fault in error.faults]
                report.as_json({"error": str(error), "advice": error.advice, "findings": faults})
            with suppress(OSError):  # nothing can be said where stderr is full; the code says it
                report.error(error)
                _told_besides(error)
            code = error.exit_code
        sys.exit(code)

    return run


def _told_besides(error: BaseException | None) -> None:
    """Print what an error, or what led to it, says of something else that failed."""
    while error is not None:
        for note in getattr(error, "__notes__", ()):
            click.echo(note, err=True)
        error = error.__cause__


def end_in_order_when_told() -> None:
    """Make SIGTERM, and a terminal that is closed, end a command as Ctrl-C does: no private files stay behind."""

    def end(number: int, _: object) -> None:
        # What the shell gives a process that a signal ended.
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, end)
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # as `__main__` leaves it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Whoever says `nohup` wants it to go on.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, end)


def open_closed_streams() -> None:
    """Give a process that was started without stdout or stderr such as nobody reads."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - for good
