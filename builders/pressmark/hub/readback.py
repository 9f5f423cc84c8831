"""Reads a release back from a Hub with the clients that readers use: each in a fresh process, with an empty cache."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pressmark.errors import RemoteError
from pressmark.hub.publish import Published
from pressmark.hub.reader import READERS, Job
from pressmark.hub.ready import MANIFEST, SUMS
from pressmark.hub.remote import Remote
from pressmark.press.columns import features

_SECONDS = 3600
_AT_ONCE = 2
_OTHER_VERSION = "Using the latest cached version"

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tick:
    """What one reader made of one split, or of all files."""

    reader: str
    tag: str
    config: str
    split: str
    rows: int
    """Rows, or files where files were downloaded."""

    fault: str = ""
    """What is wrong; nothing where it is empty."""

    missing: bool = False
    """Whether the reader's library is not installed here, so that nothing was shown."""


def read_at(repo: str, tag: str, folder: Path, readers: Sequence[str] = ("datasets",)) -> list[Tick]:
    """Read a release on the client's own Hub back, and compare it with a copy of it.

    Args:
        repo: `org/name`.
        tag: Tag of the version.
        folder: The copy.
        readers: Names of `pressmark.hub.reader.READERS`.

    Raises:
        RemoteError: the tag is not there.
    """
    remote = Remote(repo)
    commit, standing = remote.commit_of(tag), remote.standing()
    if commit is None or standing is None:
        raise RemoteError(f"{repo} has no {tag}", advice="look at its tags")
    public = not (standing.private or standing.gated)
    return read_published(folder, Published(repo, tag, commit, "", 0, public, already=True), readers=readers)


def read_back(  # noqa: PLR0913 - where, what, and with what
    repo: str,
    tag: str,
    commit: str,
    manifest: Mapping[str, Any],
    sums: Mapping[str, str],
    *,
    endpoint: str,
    token: str | None,
    public: bool = True,
    readers: Sequence[str] = tuple(READERS),
) -> list[Tick]:
    """Read every configuration and split of a release at its tag, and compare it with the manifest.

    Args:
        repo: `org/name`.
        tag: Tag of the version.
        commit: The commit that the tag has to lead to.
        manifest: The release's manifest, from this machine.
        sums: SHA-256 of all files, by path.
        endpoint: Address of the Hub.
        token: Whose reading it is.
        public: Whether anybody may read the repository.
        readers: Names of `pressmark.hub.reader.READERS`.
    """
    parts: dict[str, dict[str, list[str]]] = {}
    for entry in manifest["files"]:
        if "config" in entry:
            parts.setdefault(entry["config"], {}).setdefault(entry["split"], []).append(entry["path"])
    job = Job(repo, tag, commit, public, parts, sorted(sums))
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        made = threads.map(lambda reader: list(_ticks(reader, job, manifest, sums, endpoint, token)), readers)
        return [tick for ticks in made for tick in ticks]


def read_published(
    release: Path,
    published: Published,
    *,
    endpoint: str | None = None,
    token: str | None = None,
    readers: Sequence[str] = tuple(READERS),
) -> list[Tick]:
    """Read a published release back, and compare it with the folder that it was published from.

    Args:
        release: The release folder.
        published: What became of the publication.
        endpoint: Address of the Hub; the client's own by default.
        token: The client's own by default.
        readers: Names of `pressmark.hub.reader.READERS`.
    """
    from huggingface_hub import constants, get_token  # noqa: PLC0415 - it takes a second to import

    manifest = json.loads((release / MANIFEST).read_bytes())
    lines = (release / SUMS).read_text(encoding="utf-8").splitlines()
    return read_back(
        published.repo,
        published.tag,
        published.commit,
        manifest,
        {path: digest for digest, path in (line.split("  ", 1) for line in lines)},
        endpoint=endpoint or constants.ENDPOINT,
        token=token or get_token(),
        public=published.public,
        readers=readers,
    )


def _ticks(
    reader: str, job: Job, manifest: Mapping[str, Any], sums: Mapping[str, str], endpoint: str, token: str | None
) -> Iterator[Tick]:
    told, fault = _told(reader, job, endpoint, token)
    if fault:
        yield Tick(reader, job.tag, "", "", 0, fault)
    elif told and "missing" in told[0]:
        yield Tick(reader, job.tag, "", "", 0, f"{told[0]['missing']} is not installed", missing=True)
    elif reader == "download":
        found = {each["path"]: each["sha256"] for each in told}
        differing = sorted(path for path in sums if found.get(path) != sums[path])
        yield Tick(reader, job.tag, "", "", len(found), f"other bytes: {', '.join(differing[:3])}" if differing else "")
    else:
        yield from _splits(reader, job, manifest, told)


def _splits(reader: str, job: Job, manifest: Mapping[str, Any], told: Sequence[Told]) -> Iterator[Tick]:
    read = {(each["config"], each["split"]): each for each in told}
    for config, entry in manifest["configs"].items():
        for split, stated in entry["splits"].items():
            found = read.pop((config, split), None)
            fault = "was not read" if found is None else "; ".join(_faults(found, stated, config, job.commit))
            yield Tick(reader, job.tag, config, split, found["rows"] if found else 0, fault)
    for config, split in read:
        yield Tick(reader, job.tag, config, split, 0, "is no split of the release")


def _faults(found: Told, stated: Mapping[str, Any], config: str, commit: str) -> Iterator[str]:
    if found["rows"] != stated["rows"]:
        yield f"expected {stated['rows']} rows"
    if found["content"] != stated["content_sha256"]:
        yield "another content digest"
    if found.get("features", features(config)) != features(config):
        yield "other features than the contract's"
    if found.get("commits", [commit]) != [commit]:
        yield f"read another commit than the tag's: {', '.join(found['commits'])[:50]}"


def _told(reader: str, job: Job, endpoint: str, token: str | None) -> tuple[list[Told], str]:
    """Run a reader; return what it told, or what stopped it."""
    with tempfile.TemporaryDirectory(prefix="pressmark-read-", ignore_cleanup_errors=True) as home:
        try:
            done = subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-m", "pressmark.hub.reader", reader],
                input=json.dumps(asdict(job)),
                env=reading_environment(home, endpoint, token),
                cwd=home,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return [], f"did not end within {_SECONDS} seconds"
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return [], f"failed: {lines[-1][:300] if lines else done.returncode}"
    if _OTHER_VERSION in done.stderr:
        return [], "took another version from a cache"
    return [json.loads(line) for line in done.stdout.splitlines()], ""


def reading_environment(home: str, endpoint: str, token: str | None) -> dict[str, str]:
    """Return the variables of a process that reads from a Hub: the clients look at them when they are imported."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING_FACE_"))}
    loopback = ",".join(filter(None, [kept.get("NO_PROXY", ""), "127.0.0.1", "localhost"]))
    return {
        **kept,
        "HF_ENDPOINT": endpoint,
        "HF_HOME": home,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_UPDATE_DOWNLOAD_COUNTS": "0",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        "NO_PROXY": loopback,
        **({"HF_TOKEN": token} if token else {"HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}),
    }
