"""Files of a dataset of the Hub, as an input names them: `hf://datasets/ORG/NAME@REVISION/FILES`."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

EXPECTED = "hf://datasets/ORG/NAME@REVISION/FILES, with a tag or a commit as the revision"
"""The form, in words."""

HOME = "https://huggingface.co/"
"""The Hub, whatever Hub the client is told to speak to. Said here, for the client reads the user's variables when it is
imported, and a release depends on none of them."""

_SCHEME = "hf:"
_NAME = r"(?![A-Za-z0-9_.-]*(?:\.\.|--))[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?"
_ADDRESS = re.compile(rf"hf://datasets/(?P<repo>{_NAME}/{_NAME})@(?P<revision>[A-Za-z0-9_.%-]{{1,100}})/(?P<files>.+)")
_REVISION = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_COMMIT = re.compile("[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class HubAddress:
    """Files of one dataset at one revision."""

    repo: str
    """`ORG/NAME`."""

    revision: str
    """A tag, a branch or a commit; a slash in it is written `%2F` in an address."""

    files: str
    """A glob, from the root of the repository."""

    @property
    def is_pinned(self) -> bool:
        """Whether the revision is a commit, which means the same for ever."""
        return bool(_COMMIT.fullmatch(self.revision))

    def at(self, commit: str, path: str) -> str:
        """Return the address of a file, or of other files, at a commit."""
        return f"hf://datasets/{self.repo}@{commit}/{path}"


def is_of_the_hub(files: str) -> bool:
    """Tell whether an input's files are meant to be on the Hub, however they are written."""
    return files.startswith(_SCHEME)


def hub_address(files: str) -> HubAddress | None:
    """Return what an input's files mean on the Hub; None where they are none, or not written as they must be."""
    found = _ADDRESS.fullmatch(files)
    if found is None or any(part in ("", ".", "..") for part in found["files"].split("/")):
        return None
    revision = unquote(found["revision"])
    return HubAddress(found["repo"], revision, found["files"]) if _REVISION.fullmatch(revision) else None


def quoted(path: str) -> str:
    """Return a path as an address has it."""
    return quote(path)
