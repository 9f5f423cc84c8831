"""Takes articles back: finds what is meant and everything that holds it, and writes the withdrawal down."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from pressmark.article.contract import did_you_mean
from pressmark.curate.imprints import Imprint, enciphered, imprint
from pressmark.curate.withdrawals import REASONS, SECRET_REASONS, address_digest, keyed, name_digest
from pressmark.errors import UsageError
from pressmark.recipe import Recipe, read_recipe
from pressmark.suppression import Burial, bury, lift, made_key, new_name, read_registry
from pressmark.survey import Survey, surveyed
from pressmark.told import COLUMNS, Told, by_name, copies_of, loose, released_rows, released_texts

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Held:
    """A file of a release that holds what is withdrawn."""

    release: Path
    path: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawal that was not written down yet."""

    recipe: Recipe
    reason: str
    ref: str
    by: str
    on: date
    source: str | None
    articles: list[Told]
    """The articles that are meant."""

    copies: list[Told]
    """Others with the same text or letters, or the same address; they leave too."""

    unseen: list[str]
    """Addresses of which nothing is known; they will not come in."""

    held: list[Held] = field(default_factory=list)
    """The files of releases that hold any of them."""

    imprints: Mapping[str, Imprint] = field(default_factory=dict)
    """By digest of the text, of those that are at hand and not short: by them near copies are told."""


def plan_withdrawal(  # noqa: PLR0913 - each is an option of the command
    corpus: Path | str,
    wanted: Sequence[str] = (),
    *,
    reason: str,
    ref: str,
    source: str | None = None,
    by: str = "",
    on: date,
    out: Path | str = "dist",
    unseen: bool = False,
    workers: int = 1,
) -> Withdrawal:
    """Find what a withdrawal means. Writes nothing.

    Args:
        corpus: The folder that holds `corpus.toml`.
        wanted: Ids or addresses.
        reason: One of `pressmark.curate.withdrawals.REASONS`.
        ref: What it rests on, for the publisher alone.
        source: A whole source.
        by: Role of whoever asked.
        on: The day.
        out: Where releases lie.
        unseen: Whether addresses may be withdrawn of which nothing is known.
        workers: Processes.

    Raises:
        UsageError: nothing is meant, something meant is not known, or it was withdrawn already.
    """
    recipe = read_recipe(corpus)
    if reason not in REASONS:
        raise UsageError(f"found the reason {reason!r}", advice=f"give one of {', '.join(REASONS)}")
    if source and source not in recipe.sources:
        has = f"it has: {', '.join(sorted(recipe.sources))}{did_you_mean(source, recipe.sources)}"
        raise UsageError(f"the recipe has no source {source!r}", advice=has)
    if bool(wanted) == bool(source):
        what = "both a source and articles were named" if source else "nothing to withdraw was named"
        raise UsageError(what, advice="give ids and addresses (or --from), or --source alone")
    rows = list(released_rows(Path(out) / recipe.name))
    with surveyed(recipe, workers=workers) as survey:
        read = [Told(*(article.get(name, "") for name in COLUMNS)) for _, article in survey.articles()]
        known = dict.fromkeys([*read, *(told for _, _, told in rows)])
        meant = [told for told in known if source and told.source == source]
        found = by_name(known, wanted)
        meant += [told for name in wanted for told in found.get(name, ())]
        missing = [name for name in wanted if name not in found]
        addresses = [name for name in missing if unseen and loose(name)]
        _refuse_unknown([name for name in missing if name not in addresses], wanted)
        articles = list(dict.fromkeys(meant))
        _refuse_telling(reason, ref, by, articles)
        _refuse_again(recipe.folder, articles, addresses, source)
        copies = copies_of(articles, known)
        held = list(_held({*articles, *copies}, rows))
        imprints = _imprints({told.text_sha256 for told in (*articles, *copies)}, survey, held)
    return Withdrawal(recipe, reason, ref, by, on, source, articles, copies, addresses, held, imprints)


def _held(everything: set[Told], rows: Sequence[tuple[Path, str, Told]]) -> Iterator[Held]:
    by_file: dict[tuple[Path, str], set[Told]] = {}
    for release, path, told in rows:
        by_file.setdefault((release, path), set()).add(told)
    for (release, path), here in by_file.items():
        if everything & here:
            yield Held(release, path, tuple(sorted({told.id for told in here & everything})))


def _imprints(wanted: set[str], survey: Survey, held: Sequence[Held]) -> dict[str, Imprint]:
    """Return imprints of texts by their digests, from the inputs and from releases; short ones have none."""
    found: dict[str, Imprint] = {}
    texts = ((article["text_sha256"], article["text"]) for _, article in survey.articles())
    for digest, text in chain(texts, released_texts([each.release / each.path for each in held])):
        if digest in wanted and digest not in found:
            found[digest] = imprint(text)
    return {digest: each for digest, each in found.items() if each.size}


def _refuse_unknown(missing: Sequence[str], wanted: Sequence[str]) -> None:
    if missing:
        raise UsageError(
            f"{len(missing)} of {len(wanted)} are of no article, here or in a release: {', '.join(missing[:_SHOWN])}",
            advice="nothing was written; mend the list. An address that was never captured can be barred with --unseen",
        )


def _refuse_again(folder: Path, articles: Sequence[Told], addresses: Sequence[str], source: str | None) -> None:
    standing = read_registry(folder).suppression
    if not standing.buried:
        return
    again = [
        told.id for told in articles if not source and any(d in standing.buried for d in told.digests(standing.key))
    ]
    again += [each for each in addresses if address_digest(standing.key, each) in standing.buried]
    if again or (source and standing.by_source(source)):
        raise UsageError(
            f"withdrawn already: {', '.join(again[:_SHOWN]) or source}",
            advice="build the next version; `pressmark takedown apply`, without ids, carries it through the Hub",
        )


def _refuse_telling(reason: str, ref: str, by: str, articles: Sequence[Told]) -> None:
    named = {name for told in articles for name in (told.id, told.id.partition(":")[2], told.url) if name}
    if reason in SECRET_REASONS and any(name in f"{ref} {by}" for name in named):
        raise UsageError(
            "--ref or --by names the article, of which nothing may be kept",
            advice="give the number of a case",
        )


def record_withdrawal(withdrawal: Withdrawal) -> list[str]:
    """Write a withdrawal down, and return the names of its tombstones."""
    folder = withdrawal.recipe.folder
    read_registry(folder)
    key = made_key(folder)
    burials = list(_burials(withdrawal, key))
    bury(folder, burials)
    return [each.public["tombstone"] for each in burials]


def _burials(withdrawal: Withdrawal, key: bytes) -> Iterator[Burial]:
    rest = (withdrawal.ref, withdrawal.by)
    if withdrawal.source:
        every = {keyed(key, "source", withdrawal.source)}
        barred = [*withdrawal.articles, *withdrawal.copies]
        every |= _digests(barred, key, withdrawal.reason)
        imprints = _enciphered(withdrawal, barred, key)
        yield Burial({**_public(withdrawal), "source": withdrawal.source}, sorted(every), *rest, imprints)
        return
    by_id: dict[str, list[Told]] = {}
    for told in withdrawal.articles:
        by_id.setdefault(told.id, []).append(told)
    for identity, versions in sorted(by_id.items()):
        # An article can have had other wordings in earlier releases: all of them are barred.
        public = _public(withdrawal)
        if withdrawal.reason not in SECRET_REASONS:
            public |= {"id": identity, "text_sha256": versions[0].text_sha256}
        barred = [*versions, *copies_of(versions, withdrawal.copies)]
        every = _digests(barred, key, withdrawal.reason)
        yield Burial(public, sorted(every), *rest, _enciphered(withdrawal, barred, key))
    for address in withdrawal.unseen:
        yield Burial(_public(withdrawal), [address_digest(key, address)], *rest)


def _digests(barred: Sequence[Told], key: bytes, reason: str) -> set[str]:
    found = {digest for told in barred for digest in told.digests(key)}
    # Groups that are named after a text which may leave no trace get other names.
    return found | ({name_digest(key, told.text_sha256) for told in barred} if reason in SECRET_REASONS else set())


def _enciphered(withdrawal: Withdrawal, barred: Sequence[Told], key: bytes) -> list[str]:
    texts = {told.text_sha256 for told in barred} & withdrawal.imprints.keys()
    different = {withdrawal.imprints[digest].tobytes(): withdrawal.imprints[digest] for digest in sorted(texts)}
    return [enciphered(key, each) for each in different.values()]


def _public(withdrawal: Withdrawal) -> dict[str, Any]:
    return {"tombstone": new_name(), "reason": withdrawal.reason, "withdrawn_on": withdrawal.on.isoformat()}


def restore(corpus: Path | str, tombstone: str, *, ref: str, on: date) -> None:
    """Lift a withdrawal. The next version has the article again, as one that came in; the tombstone stays, marked.

    Args:
        corpus: The folder that holds `corpus.toml`.
        tombstone: Its name, from `tombstones.jsonl`.
        ref: What that rests on, for the publisher alone.
        on: The day.

    Raises:
        UsageError: no such tombstone stands.
    """
    lift(read_recipe(corpus).folder, tombstone, ref=ref, on=on.isoformat())
