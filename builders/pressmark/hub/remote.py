"""A repository of datasets on a Hub, through the Hub's own client: what is there, and the few things done to it."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pressmark.errors import RemoteError
from pressmark.fetched import digest_as
from pressmark.hub.retry import WAITS, Trouble, once, patiently

_KIND = "dataset"
_MAIN = "main"
_NOT_THERE = (401, 403, 404)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a repository stands."""

    head: str
    """Commit of its main branch."""

    private: bool
    gated: str | bool
    """`manual`, `auto`, or False."""


Tree = Mapping[str, str]
"""By path, the digest of each file: `sha256:…` for files that are stored apart, `git:…` for the others."""


class Remote:
    """A repository, for one publication."""

    def __init__(
        self, repo: str, *, endpoint: str | None = None, token: str | None = None, waits: Sequence[float] = WAITS
    ) -> None:
        from huggingface_hub import HfApi  # noqa: PLC0415 - it takes a second to import

        self.repo = repo
        self.waits = tuple(waits)
        self.api = HfApi(endpoint=endpoint, token=token)
        self.where: dict[str, Any] = {"repo_id": repo, "repo_type": _KIND}

    def standing(self) -> Standing | None:
        """Return how the repository stands, or None where there is none for this account."""
        try:
            info = patiently(lambda: self.api.dataset_info(self.repo), f"looking at {self.repo}", self.waits)
        except Trouble as trouble:
            if trouble.status in _NOT_THERE and _is_missing_repository(trouble):
                return None
            raise
        return Standing(str(info.sha), bool(info.private), info.gated or False)

    def create(self, *, private: bool) -> None:
        """Make the repository; fine where it is there."""
        patiently(
            lambda: self.api.create_repo(**self.where, private=private, exist_ok=True),
            f"making {self.repo}",
            self.waits,
        )

    def set(self, **settings: Any) -> None:
        """Change gating or visibility."""
        patiently(
            lambda: self.api.update_repo_settings(**self.where, **settings), f"setting up {self.repo}", self.waits
        )

    def tags(self) -> dict[str, str]:
        """Return the commit of each tag."""
        refs = patiently(lambda: self.api.list_repo_refs(**self.where), f"listing the tags of {self.repo}", self.waits)
        return {ref.name: ref.target_commit for ref in refs.tags}

    def commit_of(self, revision: str) -> str | None:
        """Return the commit that a revision names, or None where it names none."""
        try:
            info = patiently(
                lambda: self.api.dataset_info(self.repo, revision=revision),
                f"looking for {revision} in {self.repo}",
                self.waits,
            )
        except Trouble as trouble:
            if _is_missing_revision(trouble):
                return None
            raise
        return str(info.sha)

    def tree(self, commit: str) -> Tree:
        """Return the files of a commit."""
        from huggingface_hub.hf_api import RepoFile  # noqa: PLC0415

        items = patiently(
            lambda: list(self.api.list_repo_tree(**self.where, revision=commit, recursive=True)),
            f"listing the files of {self.repo}",
            self.waits,
        )
        files = [item for item in items if isinstance(item, RepoFile)]
        if odd := [file.path for file in files if {"", ".", ".."} & set(file.path.split("/"))]:
            raise RemoteError(f"{self.repo} lists a file {odd[0]!r}", advice="no repository has such a path")
        return {file.path: f"sha256:{file.lfs.sha256}" if file.lfs else f"git:{file.blob_id}" for file in files}

    @contextmanager
    def file(self, commit: str, path: str, digest: str, below: Path | None = None) -> Iterator[Path]:
        """Give a file of a commit, for as long as it is looked at; below a folder, it may be moved elsewhere in it.

        Raises:
            RemoteError: what came is not what the tree says. The client itself does not look.
        """
        with tempfile.TemporaryDirectory(prefix=".pressmark-", dir=below) as place:
            for attempt in ("one", "two"):
                arguments = {"filename": path, "revision": commit, "local_dir": str(Path(place) / attempt)}
                with _without_bars():
                    got = patiently(
                        lambda arguments=arguments: self.api.hf_hub_download(**self.where, **arguments),  # type: ignore[misc]
                        f"reading {path} of {self.repo}",
                        self.waits,
                    )
                if digest == digest_as(digest, Path(got)):
                    yield Path(got)
                    return
        raise RemoteError(f"{path} of {self.repo} arrives damaged", advice="run the command again")

    def read(self, commit: str, path: str, digest: str) -> bytes:
        """Return a small file of a commit, as `file` gives it."""
        with self.file(commit, path, digest) as place:
            return place.read_bytes()

    def fetch(self, commit: str, place: Path) -> None:
        """Fetch all files of a commit into a folder."""
        from huggingface_hub import snapshot_download  # noqa: PLC0415

        with _without_bars():
            patiently(
                lambda: snapshot_download(
                    self.repo,
                    repo_type=_KIND,
                    revision=commit,
                    local_dir=place,
                    endpoint=self.api.endpoint,
                    token=self.api.token,
                ),
                f"fetching {self.repo}",
                self.waits,
            )

    def additions(self, files: Mapping[str, Path]) -> list[Any]:
        """Return what adds files to a commit, each for one commit only."""
        from huggingface_hub import CommitOperationAdd  # noqa: PLC0415

        return [CommitOperationAdd(path, str(place)) for path, place in files.items()]

    def send(self, additions: Sequence[Any]) -> None:
        """Send the content of files that are stored apart; what is there already is not sent."""
        with _without_bars():
            patiently(
                lambda: self.api.preupload_lfs_files(self.repo, additions, repo_type=_KIND, free_memory=False),
                f"sending files to {self.repo}",
                self.waits,
            )

    def commit(self, additions: Sequence[Any], gone: Sequence[str], parent: str, title: str, message: str) -> None:
        """Commit once; whoever calls has to look at what came of it, whatever this says.

        Raises:
            Trouble: it failed, or seems to have.
        """
        from huggingface_hub import CommitOperationDelete  # noqa: PLC0415

        operations = [*additions, *(CommitOperationDelete(path, is_folder=False) for path in gone)]
        with _without_bars():
            once(
                lambda: self.api.create_commit(
                    self.repo,
                    operations,
                    repo_type=_KIND,
                    commit_message=title,
                    commit_description=message,
                    parent_commit=parent,
                    revision=_MAIN,
                ),
                f"committing to {self.repo}",
            )

    def tag(self, name: str, commit: str, message: str) -> None:
        """Make a tag once; whoever calls has to look at what came of it.

        Raises:
            Trouble: it failed, or seems to have.
        """
        once(
            lambda: self.api.create_tag(**self.where, tag=name, revision=commit, tag_message=message),
            f"tagging {self.repo}",
        )


def account() -> str | None:
    """Return the token of the client's own account, or None where nobody is logged in."""
    from huggingface_hub import get_token  # noqa: PLC0415

    return get_token()


@contextmanager
def _without_bars() -> Iterator[None]:
    """Keep the client from drawing bars of its own between ours."""
    from huggingface_hub.utils.tqdm import (  # noqa: PLC0415
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    drawn = not are_progress_bars_disabled()
    if drawn:
        disable_progress_bars()
    try:
        yield
    finally:
        if drawn:
            enable_progress_bars()


def _is_missing_repository(trouble: Trouble) -> bool:
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError  # noqa: PLC0415

    cause = trouble.__cause__
    return isinstance(cause, RepositoryNotFoundError) and not isinstance(cause, GatedRepoError)


def _is_missing_revision(trouble: Trouble) -> bool:
    from huggingface_hub.errors import RevisionNotFoundError  # noqa: PLC0415

    return isinstance(trouble.__cause__, RevisionNotFoundError)
