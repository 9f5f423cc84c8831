"""Brings a release home from the Hub or from a bucket, for what looks at releases as folders."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pressmark.errors import RemoteError, UsageError
from pressmark.hub.remote import Remote
from pressmark.s3_address import is_on_s3
from pressmark.stores.home import release_at_home
from pressmark.workshop import PRIVATE

_NAMED = re.compile(r"(?P<repo>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)@(?P<revision>[\w./-]+)")


def on_the_hub(release: Path | str) -> tuple[str, str] | None:
    """Return repository and revision of `org/name@v1.0.0`, or None where a folder or something else is meant."""
    named = _NAMED.fullmatch(str(release))
    return (named["repo"], named["revision"]) if named and not Path(release).is_dir() else None


@contextmanager
def at_hand(release: Path | str, below: Path | None = None, *, checked: bool = True) -> Iterator[Path]:
    """Give the folder of a release: one that is there, or one that is fetched for as long as it is looked at.

    Whole files come with the Hub's own client, or that of stores that speak S3; nothing stays in their caches.

    Args:
        release: A folder, `org/name@v1.0.0` on the Hub, or `s3://BUCKET/PREFIX/CORPUS/LINE/VERSION`.
        below: A folder in which it is brought, where that matters; made if need be.
        checked: Of a bucket, hold every file against the manifest; otherwise whoever looks at them does.

    Raises:
        UsageError: it is none of these.
        RemoteError: it cannot be fetched.
        OutputError: it is not what its manifest says.
    """
    named, is_remote = on_the_hub(release), is_on_s3(release)
    if below and (named or is_remote):
        below.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    if is_remote:
        with release_at_home(release, below, checked=checked) as folder:
            yield folder
        return
    if named is None:
        if not Path(release).is_dir():
            advice = "give a release folder, org/name@v1.0.0, or s3://BUCKET/PREFIX/CORPUS/LINE/VERSION"
            raise UsageError(f"{release} is no folder", advice=advice)
        yield Path(release)
        return
    with tempfile.TemporaryDirectory(prefix="pressmark-" if below is None else ".fetched-", dir=below) as place:
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
