"""What can go wrong, named by who must act.

Bad data is never an exception: it is a finding (see `pressmark.findings`). These are for what stops a command.
"""

import errno
import shutil
from collections.abc import Sequence
from pathlib import Path

from pressmark.findings import Finding


class PressmarkError(Exception):
    """Stops a command. Carries the exit code of the command line and what to do about it."""

    exit_code = 1
    faults: tuple[Finding, ...] = ()
    """Findings that belong to the error."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class UsageError(PressmarkError):
    """What was asked for cannot be done as asked: a wrong path, version or option."""

    exit_code = 2


class RecipeError(UsageError):
    """A recipe has faults; all of them, each a finding with file, key and line."""

    def __init__(self, faults: Sequence[Finding]) -> None:
        count = len(faults)
        super().__init__(
            f"the recipe has {count} fault{'s' if count > 1 else ''}",
            advice="mend them and run `pressmark check` again",
        )
        self.faults = tuple(faults)


class DecisionError(UsageError):
    """A decision that was to be written has faults. Each names what gave it where others name a file."""

    def __init__(self, faults: Sequence[Finding]) -> None:
        count = len(faults)
        super().__init__(
            f"the decision has {count} fault{'s' if count > 1 else ''}; nothing was written",
            advice=f"mend {'them' if count > 1 else 'it'} and run the command again",
        )
        self.faults = tuple(faults)


class OutputError(UsageError):
    """The release cannot be put where it belongs: another build is at work, or another release is there."""


class NotReadyError(UsageError):
    """A release may not be published as it is: it does not add up, or the Hub would not take it."""

    def __init__(self, message: str, faults: Sequence[Finding]) -> None:
        count = len(faults)
        super().__init__(
            f"{message}: {count} finding{'s' if count > 1 else ''}; nothing was published",
            advice="`pressmark explain CODE` says what to do",
        )
        self.faults = tuple(faults)


class ForeignHeadError(UsageError):
    """A repository holds at its head what no release brought there."""

    def __init__(self, repo: str, head: str, paths: Sequence[str], edited: Sequence[str]) -> None:
        pull = (
            "bring the card home with `pressmark card pull`, build, and then "
            if edited
            else "look at it; to replace it, "
        )
        super().__init__(
            f"{repo} holds what no release of this line brought there: {', '.join(paths[:5])}; nothing was published",
            advice=f"{pull}say --replace {head}",
        )
        self.edited = tuple(edited)
        """How the card was edited, as lines of a difference."""


class SystemRefusedError(UsageError):
    """The operating system refused something: a full disk, a folder that may not be written, too many open files.

    Args:
        error: What it said.
        released: Releases that are in their places nevertheless, whole; None where it is no build that was stopped.
        places: Folders that were written to: where space ran out and no file is named, it is said what they have left.
    """

    def __init__(self, error: OSError, released: Sequence[Path] | None = None, places: Sequence[Path] = ()) -> None:
        place = f"{error.filename}: " if error.filename else ""
        there = f"{', '.join(map(str, released))} is in place and whole; " if released else ""
        super().__init__(
            f"{place}the system says: {error.strerror or error}{'' if place else _left(error, places)}",
            advice=f"{'nothing was released; ' if released == [] else there}mend the cause and run the command again",
        )


_NO_THREAD = ("can't start new thread", "Failed to launch worker thread")
"""What Python and Arrow say where the system starts none; the kinds of their errors say nothing of it."""


def refused_by_system(error: Exception) -> OSError | None:
    """Return an error as the system's own, None where it is none: no memory and no thread come as other kinds."""
    if isinstance(error, OSError):
        return error
    if isinstance(error, MemoryError):
        return OSError(errno.ENOMEM, "Cannot allocate memory")
    if any(words in str(error) for words in _NO_THREAD):
        return OSError(errno.EAGAIN, "No thread can be started: memory, or the number of processes, is used up")
    return None


_USED_UP = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT})


def refuse_used_up(error: BaseException) -> None:
    """Raise an error again where the system has no more of something: that says nothing of the file it happened at.

    Raises:
        OSError: it is such an error; of memory too, which has an error of its own kind in Python and in Arrow.
    """
    if isinstance(error, MemoryError):
        raise OSError(errno.ENOMEM, "Cannot allocate memory") from error
    if isinstance(error, OSError) and error.errno in _USED_UP:
        raise error


_NOT_THERE = frozenset({None, errno.ENOENT, errno.ENOTDIR, errno.EISDIR})
"""That a file is not there, or is none. Arrow says of bytes that it cannot make sense of that they are an `OSError`
without a number."""


def refuse_unreadable(error: BaseException) -> None:
    """Raise an error again where it is the system that does not give what there is to read: it may well be whole.

    Raises:
        OSError: it is such an error.
    """
    refuse_used_up(error)
    if isinstance(error, OSError) and error.errno not in _NOT_THERE:
        raise error


def _left(error: OSError, places: Sequence[Path]) -> str:
    """Return how many bytes are free where some folders are, as words; nothing where the error is of another kind."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return ""
    free = [f"{shutil.disk_usage(place).free:,} bytes in {place}" for place in places if place.is_dir()]
    return f" (free: {', '.join(free)})" if free else ""


class GateRefusedError(PressmarkError):
    """The rights gate refuses a release: a text that has to stay closed stands in it."""

    exit_code = 3

    def __init__(self, leaks: Sequence[Finding], message: str = "", advice: str = "") -> None:
        count = len(leaks)
        super().__init__(
            message
            or f"withheld texts stand in {count} place{'s' if count > 1 else ''} of the release; nothing was released",
            advice=advice
            or "take the words out of the recipe, the card, the source file or the record that brings them there",
        )
        self.faults = tuple(leaks)


class RemoteError(PressmarkError):
    """Something that is not on this machine does not answer as it should."""

    exit_code = 4


class BrokenInstallationError(PressmarkError):
    """A part that pressmark rests on does not do what it must, so that no result could be trusted."""
