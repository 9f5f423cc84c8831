"""Brings a release home from the Hub, for what looks at releases as folders."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pressmark.errors import RemoteError, UsageError

_NAMED = re.compile(r"(?P<repo>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)@(?P<revision>[\w./-]+)")


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
    folder = Path(release)
    named = _NAMED.fullmatch(str(release))
    if folder.is_dir() or not named:
        if not folder.is_dir():
            raise UsageError(f"{release} is no folder", advice="give a release folder, or org/name@v1.0.0")
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="pressmark-") as place:
        _fetch(named["repo"], named["revision"], Path(place))
        yield Path(place)


def _fetch(repo: str, revision: str, place: Path) -> None:
    # The client takes a second to import; a folder does not need it.
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError  # noqa: PLC0415

    try:
        snapshot_download(repo, repo_type="dataset", revision=revision, local_dir=place)
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise RemoteError(
            f"{repo}@{revision} cannot be fetched: {type(error).__name__}",
            advice="look whether the repository and the tag are there, and whether you may read them",
        ) from error
