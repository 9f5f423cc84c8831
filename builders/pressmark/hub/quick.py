"""A release on a Hub, checked by the Hub's own digests: nothing but the small files is fetched."""

import hashlib
import json
from collections.abc import Iterator, Mapping

from pressmark.errors import RemoteError
from pressmark.findings import Finding
from pressmark.hub.ready import MANIFEST, SUMS
from pressmark.hub.remote import Remote, Tree


def verify_quickly(repo: str, revision: str, *, endpoint: str | None = None, token: str | None = None) -> list[Finding]:
    """Return what a commit holds otherwise than its manifest says; rows are not looked at.

    Args:
        repo: `org/name`.
        revision: A tag.
        endpoint: Address of the Hub; the client's own by default.
        token: The client's own by default.

    Raises:
        RemoteError: the tag is not there, or the Hub does not answer.
    """
    remote = Remote(repo, endpoint=endpoint, token=token)
    commit = remote.commit_of(revision)
    if commit is None:
        raise RemoteError(f"{repo} has no {revision}", advice="look at its tags; a tag can be gone after a takedown")
    tree = remote.tree(commit)
    if not {MANIFEST, SUMS} <= tree.keys():
        return [Finding("not-a-release", MANIFEST, "", "is not there, or SHA256SUMS is not")]
    data = remote.read(commit, MANIFEST, tree[MANIFEST])
    try:
        stated = {str(entry["path"]): str(entry["sha256"]) for entry in json.loads(data)["files"]}
    except (ValueError, KeyError, TypeError) as error:
        return [Finding("not-a-release", MANIFEST, "", f"cannot be read: {type(error).__name__}")]
    return list(_findings(remote, commit, tree, stated, hashlib.sha256(data).hexdigest()))


def _findings(remote: Remote, commit: str, tree: Tree, stated: Mapping[str, str], own: str) -> Iterator[Finding]:
    sums = {**stated, MANIFEST: own}
    expected = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()
    if remote.read(commit, SUMS, tree[SUMS]) != expected:
        yield Finding("sums-differ", SUMS, "", "differs from the manifest")
    for path in sorted(tree.keys() - sums.keys() - {SUMS}):
        yield Finding("file-extra", path)
    for path, sha256 in stated.items():
        if path not in tree:
            yield Finding("file-missing", path)
        elif _sha256(remote, commit, path, tree[path]) != sha256:
            yield Finding("file-differs", path, "", "found another SHA-256")


def _sha256(remote: Remote, commit: str, path: str, digest: str) -> str:
    if digest.startswith("sha256:"):
        return digest.removeprefix("sha256:")
    return hashlib.sha256(remote.read(commit, path, digest)).hexdigest()
