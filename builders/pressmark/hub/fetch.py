"""Brings a release home from the Hub, for what looks at releases as folders."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pressmark.errors import RemoteError, UsageError
from pressmark.hub.remote import Remote

_NAMED = re.compile(r"(?P<repo>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)@(?P<revision>[\w./-]+)")


def on_the_hub(release: Path | str) -> tuple[str, str] | None:
    """Return repository and revision of `org/name@v1.0.0`, or None where a folder or something else is meant."""
    named = _NAMED.fullmatch(str(release))
    return (named["repo"], named["revision"]) if named and not Path(release).is_dir() else None


@contextmanager
def at_hand(release: Path | str) -> Iterator[Path]:
    """Give the folder of a release: one that is there, or `org/name@v1.0.0`, fetched for as long as it is looked at.

    Whole files come with the Hub's own client, with its token and its endpoint; nothing stays in its cache.

    Args:
        release: A folder, or a repository and a tag of the Hub.

    Raises:
        UsageError: it is neither.
        RemoteError: it cannot be fetched.
    """
    named = on_the_hub(release)
    if named is None:
        if not Path(release).is_dir():
            raise UsageError(f"{release} is no folder", advice="give a release folder, or org/name@v1.0.0")
        yield Path(release)
        return
    with tempfile.TemporaryDirectory(prefix="pressmark-") as place:
        repo, revision = named
        remote = Remote(repo)
        commit = remote.commit_of(revision)
        if commit is None:
            raise RemoteError(
                f"{release} cannot be fetched: there is no such revision",
                advice="look at the tags of the repository; one can be gone after a takedown",
            )
        remote.fetch(commit, Path(place))
        yield Path(place)
