"""Rights as they are recorded: what a source says of itself, what was decided, on what evidence.

Nothing here decides anything; `pressmark.curate` does.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import re2

from pressmark.article.licenses import normal_license

COMPONENTS = ("text", "original", "translation", "headline", "caption", "image")
"""Parts of an article that can have rights of their own. The text as printed includes headline and captions."""

ABOUT = ("article", "selection", "source")
"""How closely a decision names its articles, the closest first."""


@cache
def compiled_pattern(pattern: str) -> Any:
    """Compile a pattern with RE2, which is linear in the length of what it reads.

    Raises:
        re2.error: it is not RE2.
    """
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def pattern_fault(pattern: str) -> str | None:
    """Return why a pattern is not RE2, in words, or None."""
    try:
        compiled_pattern(pattern)
    except re2.error as error:
        reason = error.args[0]
        return f"not an RE2 pattern: {reason.decode() if isinstance(reason, bytes) else reason}"
    return None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles a decision speaks of: those that meet everything given."""

    ids: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    first_day: str | None = None
    last_day: str | None = None
    license: str | None = None
    pattern: str | None = None

    @property
    def about(self) -> str:
        """`article`, `selection` or `source`: how closely the scope names its articles."""
        if self.ids:
            return "article"
        return "source" if self == Scope(sources=self.sources) else "selection"

    def holds(self, article: dict[str, Any], claimed_license: str | None) -> bool:
        """Tell whether an article is meant. An article without a date lies in no period."""
        identity = str(article["id"])
        day = article.get("published_on")
        return (
            (not self.ids or identity in self.ids or identity.partition(":")[2] in self.ids)
            and (not self.sources or article["source"] in self.sources)
            and (not self.sections or not self.sections.isdisjoint(article.get("section", ())))
            and (self.first_day is None or (day is not None and day >= self.first_day))
            and (self.last_day is None or (day is not None and day <= self.last_day))
            and (self.license is None or claimed_license == self.license)
            and (self.pattern is None or self._matches(identity, str(article.get("url", ""))))
        )

    def _matches(self, identity: str, url: str) -> bool:
        pattern = compiled_pattern(self.pattern or "")
        return bool(pattern.fullmatch(identity) or (url and pattern.fullmatch(url)))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about texts. The fields are those of `schema/decision.schema.json`."""

    status: str | None
    basis: str
    decided_by: str
    decided_on: str
    evidence: tuple[dict[str, str], ...]
    scope: Scope = Scope()
    license: str | None = None
    attribution: str | None = None
    decided_as: str = "person"
    covers: tuple[str, ...] = ("text",)
    outputs: tuple[str, ...] = ("text",)
    visibility: str | None = None
    purposes: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    expires: str | None = None
    storage_basis: str | None = None
    legal_flags: tuple[str, ...] = ()
    privacy: tuple[str, ...] = ()
    embargoed_until: str | None = None
    recorded_in: str = field(default="", compare=False, repr=False)
    """File and place, for people."""


@dataclass(frozen=True, slots=True)
class SourceRights:
    """What is recorded about the rights of a source."""

    status: str = "unknown"
    statement: str | None = None
    holders: tuple[str, ...] = ()
    components: tuple[dict[str, str], ...] = ()
    reservations: tuple[dict[str, str], ...] = ()
    own_credits: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    derived: bool = False
    """Whether the source declares that its texts are translations, compilations or reprints."""


def decision_of(entry: dict[str, Any], recorded_in: str) -> Decision:
    """Return a decision from an entry that keeps `schema/decision.schema.json`.

    Args:
        entry: The entry, with dates as ISO strings.
        recorded_in: File and place, for people.
    """
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Decision(
        **{
            **fields,
            "status": entry.get("status"),
            "license": normal_license(entry["license"]) if "license" in entry else None,
            "scope": _scope(entry.get("scope", {})),
            "recorded_in": recorded_in,
        }
    )


def _composed(names: Iterable[str]) -> Iterator[str]:
    """Yield names as articles have them: in NFC."""
    return (unicodedata.normalize("NFC", name) for name in names)


def _scope(entry: dict[str, Any]) -> Scope:
    return Scope(
        ids=frozenset(_composed(entry.get("ids", ()))),
        sources=frozenset(entry.get("sources", ())),
        sections=frozenset(_composed(entry.get("sections", ()))),
        first_day=entry.get("from"),
        last_day=entry.get("until"),
        license=normal_license(entry["license"]) if "license" in entry else None,
        pattern=entry.get("pattern"),
    )
