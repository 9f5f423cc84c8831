"""What tests of publishing share: a small release line of two versions, and an embedded Hub with what lies in it."""

import re
from dataclasses import dataclass
from pathlib import Path

from pressmark.hub.local.handler import LocalHub
from pressmark.hub.publish import Published, publish_ready
from pressmark.hub.ready import Ready, make_ready
from pressmark.hub.remote import Remote
from support import AS_OF, Corpus
from version_cases import record, records_alone

REPO = "org/small"
WAITS = (0.01, 0.02, 0.05, 0.05)


@dataclass(frozen=True, slots=True)
class Line:
    """Two versions of a release line, and where their withheld texts are."""

    first: Path
    second: Path
    work: Path

    def ready(self, version: int = 1) -> Ready:
        """Return a version, checked."""
        return make_ready(self.first if version == 1 else self.second, REPO, self.work, AS_OF)


def two_versions(corpus: Corpus) -> Line:
    """Build a line twice; the second version has more, and one file of rows fewer."""
    records_alone(corpus)
    corpus.records(*map(record, range(6)))
    first = corpus.build("1.0.0").lines["open"].folder
    corpus.records(*map(record, range(1, 9)))
    second = corpus.build("2.0.0", drop_vanished=True).lines["open"].folder
    return Line(first, second, corpus.work)


def remote(hub: LocalHub, repo: str = REPO) -> Remote:
    """Return a repository of a Hub for its owner, with short waits."""
    return Remote(repo, endpoint=hub.endpoint, token=hub.token(), waits=WAITS)


def published(hub: LocalHub, ready: Ready, repo: str = REPO) -> Published:
    """Publish once."""
    return publish_ready(ready, remote(hub, repo))


def states_that_must_not_be(hub: LocalHub, *line: Ready, repo: str = REPO) -> list[str]:
    """Return what is wrong with a repository whatever has happened to it, for releases of a line in their order.

    Read from the folder of the Hub, not through it.
    """
    found = hub.store.repo(repo)
    if found is None:
        return []
    wrong = []
    by_tag = {ready.tag: ready for ready in line}
    for ref, oid in found.refs.items():
        commit = hub.store.read(repo, oid)
        assert commit is not None
        tree = {
            path: f"sha256:{entry.sha256}" if entry.lfs else f"git:{entry.oid}" for path, entry in commit.tree.items()
        }
        if ref.startswith("refs/tags/"):
            if not by_tag[ref.removeprefix("refs/tags/")].is_at(tree):
                wrong.append(f"{ref} holds something else than its release")
        elif tree.keys() != {".gitattributes"} and not any(ready.is_at(tree) for ready in line):
            wrong.append(f"{ref} holds a release by halves")
    titles = [commit.title for commit in hub.store.history(repo, found.refs["refs/heads/main"])]
    expected = [*(ready.tag for ready in reversed(line)), "initial commit"]
    if titles != expected[len(expected) - len(titles) :]:
        wrong.append(f"found the commits {titles}")
    return wrong


def sent_twice(hub: LocalHub) -> list[str]:
    """Return the addresses to which content was sent more than once although it had arrived."""
    arrived: set[str] = set()
    twice = []
    for entry in hub.log:
        if entry.method == "PUT" and entry.at_cdn and re.fullmatch("/upload/.*", entry.path):
            if entry.path in arrived and entry.received:
                twice.append(entry.path)
            if entry.status == 200:
                arrived.add(entry.path)
    return twice
