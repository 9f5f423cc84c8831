"""Which version comes next: what the changes of all lines ask for, and no less."""

from collections.abc import Mapping

from pressmark.errors import UsageError
from pressmark.history import History
from pressmark.release.changes import Changes
from pressmark.release.version import Bump, raised, step

FIRST = "1.0.0"
"""The version that a corpus begins with, where none is asked for."""


def following(history: History) -> str:
    """Return the least version that can come next."""
    return raised(history.newest, Bump.PATCH) if history.newest else FIRST


def next_version(history: History, changes: Mapping[str, Changes], *, tells_more: bool = False) -> str | None:
    """Return the version that all changes together ask for; None where no record changed in any line.

    Args:
        history: What the lines continue.
        changes: What changed, by line.
        tells_more: Whether there is a new version to say something else.
    """
    if not history.newest:
        return FIRST
    asked = [found.bump if name in history.lines else Bump.MINOR for name, found in changes.items()]
    bump = max(*asked, Bump.PATCH if tells_more else Bump.NONE)
    return raised(history.newest, bump) if bump else None


def version_for(history: History, line: str, changes: Changes, wanted: str | None) -> str:
    """Return the version of a line that changed: what is wanted, else the next that it asks for itself.

    Raises:
        UsageError: what is wanted says less than what changed.
    """
    if wanted:
        _refuse_small_bump(history, line, changes, wanted)
    return wanted or next_version(history, {line: changes}) or following(history)


def _refuse_small_bump(history: History, line: str, changes: Changes, version: str) -> None:
    asked = changes.bump
    if line not in history.lines or step(history.lines[line].version, version) >= asked:
        return
    before = history.lines[line].version
    records = ", ".join(changes.asking.get(asked, ()))
    columns = ", ".join(f"{config}.{column}: {what}" for config, column, what in changes.columns)
    raise UsageError(
        f"from {before} to {version} is less than what changed in {line}, which asks for {asked.name}: "
        f"{'; '.join(filter(None, [records, columns]))}",
        advice=f"give --version {raised(before, asked)} or --version auto",
    )
