"""Withdrawals: how an article that was taken back is told again, without keeping anything of it.

Everything by which it can be told is kept as a keyed digest (HMAC-SHA-256): whoever has the list and not the key cannot
try out addresses or texts on it.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pressmark.article.identity import loose_address
from pressmark.curate.duplicates import Entry
from pressmark.curate.imprints import Imprint
from pressmark.curate.splits import group_id

CODE = "withdrawn"

REASONS = (
    "rights_claim",
    "permission_expired",
    "permission_revoked",
    "licence_error",
    "privacy",
    "court_order",
    "publisher_correction",
    "quality",
    "curator",
)
SECRET_REASONS = frozenset({"privacy", "court_order"})
"""Their tombstones have no id, address, title or digest of the article."""

_GROUP_DIGITS = 16


def keyed(key: bytes, kind: str, value: str) -> str:
    """Return the keyed digest of a value, as 64 hexadecimal digits; values of different kinds never have the same."""
    return hmac.new(key, f"{kind}\0{value}".encode(errors="surrogateescape"), hashlib.sha256).hexdigest()


def address_digest(key: bytes, url: str) -> str:
    """Return the keyed digest of an address, the same for every way to write it.

    Raises:
        ValueError: it is no http or https address.
    """
    return keyed(key, "address", loose_address(url))


def digests(key: bytes, identity: str, url: str, text_sha256: str, letters_sha256: str) -> Iterator[str]:
    """Yield a keyed digest of everything by which an article can be told again.

    Args:
        key: The key of the corpus.
        identity: Its id.
        url: Its address, or nothing.
        text_sha256: Digest of its text.
        letters_sha256: Digest of its letters: the same for other spaces, punctuation, case and forms of letters.
    """
    yield keyed(key, "id", identity)
    if url:
        yield address_digest(key, url)
    yield keyed(key, "text", text_sha256)
    yield keyed(key, "letters", letters_sha256)


def name_digest(key: bytes, text_sha256: str) -> str:
    """Return the keyed digest of the name of the group that is named after a text."""
    return keyed(key, "name", group_id(text_sha256))


@dataclass(frozen=True, slots=True)
class Suppression:
    """What was withdrawn from a corpus and is not restored."""

    key: bytes = b""
    buried: Mapping[str, str] = field(default_factory=dict)
    """Tombstone by keyed digest."""

    secret: frozenset[str] = frozenset()
    """Tombstones that say nothing of their article."""

    imprints: Sequence[tuple[str, Imprint]] = ()
    """Of withdrawn texts, by which near copies are told, each with its tombstone."""

    def tombstone(self, entry: Entry) -> str | None:
        """Return the tombstone that an article falls under, by whatever it is told."""
        if not self.buried:
            return None
        told = digests(self.key, entry.id, entry.url, entry.text_sha256, entry.letters_sha256)
        found = (self.buried.get(digest) for digest in told)
        return next(filter(None, found), None) or self.by_source(entry.source)

    def by_id(self, identity: str) -> str | None:
        """Return the tombstone of an id, where nothing else of the article is at hand."""
        if not self.buried:
            return None
        return self.buried.get(keyed(self.key, "id", identity)) or self.by_source(identity.partition(":")[0])

    def by_source(self, source: str) -> str | None:
        """Return the tombstone of a whole source."""
        return self.buried.get(keyed(self.key, "source", source))

    def by_group(self, group: str) -> str | None:
        """Return the tombstone of an article after whose text a group is named; of secret ones alone that is kept."""
        return self.buried.get(keyed(self.key, "name", group))

    def renamed(self, group: str) -> str:
        """Return another name for a group that is named after the text of an article which may leave no trace."""
        return keyed(self.key, "group", group)[:_GROUP_DIGITS]


def renamed(
    withdrawn: Collection[str], founders: Iterable[tuple[str, str]], suppression: Suppression
) -> dict[str, str]:
    """Return other names for groups that are named after an article which may leave no trace, released or not.

    Args:
        withdrawn: The names of the groups that are named after such articles among the inputs.
        founders: The groups of earlier releases, each with the id of its founder.
        suppression: What was withdrawn.
    """
    secret = suppression.secret
    if not secret:
        return {}
    # Lists of earlier versions of pressmark have no digests of names, so the founder's id and text count too.
    return {
        group: suppression.renamed(group)
        for group, founder in founders
        if group in withdrawn or {suppression.by_id(founder), suppression.by_group(group)} & secret
    }
