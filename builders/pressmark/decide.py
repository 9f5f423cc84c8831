"""Records a person's decision about rights: shows first what it would change, then writes `rights/NAME.toml`."""

import hashlib
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w

from pressmark import tomlfile
from pressmark.article.contract import contract
from pressmark.article.licenses import normal_license
from pressmark.article.record import Record
from pressmark.article.rights import Scope, decision_of
from pressmark.decisions import FOLDER, read_decisions
from pressmark.engine.local import LocalEngine
from pressmark.errors import DecisionError, OutputError, UsageError
from pressmark.findings import Finding
from pressmark.ids_given import known_ids
from pressmark.intake.read import input_name
from pressmark.recipe import Recipe, read_recipe
from pressmark.survey import Survey, as_read, surveyed
from pressmark.whose import somebody_else
from pressmark.workshop import PRIVATE, PRIVATE_FILE, write_durably

PRIVATE_FOLDER = "private"

_ACRONYM = 5
_BY_RIGHTS = frozenset({"no-decision", "status-closed", "original-not-covered", "component-not-covered"})
"""Why a text is closed that only another decision opens."""

_NAME = re.compile("[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision changes for one article in one release line."""

    line: str
    identity: str
    before: str
    """`published`, or the code of the reason why not."""

    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that was not written yet."""

    recipe: Recipe
    name: str
    entry: dict[str, Any]
    """By `schema/decision.schema.json`."""

    evidence: Path | None
    """The document, where it is a file."""

    speaks_of: int
    """How many articles its scope holds."""

    changes: list[Change]

    files: dict[str, str] = field(default_factory=dict)
    """Where each article that changes was read from, by its id; of several captures the last."""

    others: dict[str, list[str]] = field(default_factory=dict)
    """Notices and credits that do not name their source's publisher or title, on articles that it speaks of, by id."""

    @property
    def path(self) -> Path:
        """The file that `record` writes."""
        return self.recipe.folder / FOLDER / f"{self.name}.toml"

    def summary(self) -> Counter[tuple[str, str, str]]:
        """Return how many articles change, by release line, what becomes of them before, and after."""
        return Counter((change.line, change.before, change.after) for change in self.changes)


def propose(
    corpus: Path | str,
    name: str,
    entry: Mapping[str, Any],
    *,
    ids: Sequence[str] = (),
    evidence: str | None = None,
    evidence_kind: str = "manual",
    as_of: date | None = None,
    workers: int = 1,
) -> Proposal:
    """Work out what a decision would change. Writes nothing.

    Args:
        corpus: The folder that holds `corpus.toml`.
        name: Name of the decision's file, `rights/NAME.toml`.
        entry: The decision by `schema/decision.schema.json`, without ids and evidence.
        ids: Ids or addresses of the articles that it names.
        evidence: A document or an address that it rests on; of a file the digest is recorded.
        evidence_kind: `license_page`, `contract`, `law` or `manual`.
        as_of: The day that counts as today.
        workers: Processes.

    Raises:
        RecipeError: the recipe has faults.
        DecisionError: the decision has faults; each says which key of `entry` it is about.
        UsageError: an id is of no article, the file is there already, or the scope holds no article.
    """
    recipe = read_recipe(corpus)
    if not _NAME.fullmatch(name):
        raise UsageError(f"found the name {name!r}", advice="give --name in lower case, with digits and hyphens")
    document, seen = _evidence(recipe.folder, evidence, evidence_kind) if evidence else (None, {})
    whole = {**entry, **({"evidence": [seen]} if seen else {})}
    if (recipe.folder / FOLDER / f"{name}.toml").exists():
        raise OutputError(f"{recipe.folder / FOLDER / name}.toml is there already", advice="give another --name")
    # Told before everything is read. Which ids are meant is known only then: any stand for them.
    _with(recipe, name, {**whole, "scope": {**whole.get("scope", {}), "ids": ["any"]}} if ids else whole)
    with LocalEngine(workers) as engine:
        with surveyed(recipe, as_of=as_of, engine=engine) as survey:
            before = {line: survey.became(line) for line in recipe.lines}
            if ids:
                addresses = {article["id"]: article.get("url", "") for _, article in survey.articles()}
                whole["scope"] = {**whole.get("scope", {}), "ids": known_ids(ids, addresses, _files(survey))}
        with surveyed(_with(recipe, name, whole), as_of=as_of, engine=engine) as survey:
            after = {line: survey.became(line) for line in recipe.lines}
            held, others = _held(survey, decision_of(whole, "").scope, _closed(recipe, after))
            files = {identity: name for identity, name in _files(survey).items() if identity in held}
    if not held:
        raise UsageError("the decision speaks of no article of the corpus", advice="look at its scope")
    changes = [
        Change(line, identity, before[line][identity], became)
        for line in recipe.lines
        for identity, became in sorted(after[line].items())
        if before[line][identity] != became
    ]
    return Proposal(recipe, name, whole, document, len(held), changes, files, others)


def _files(survey: Survey) -> dict[str, str]:
    """Return where each article was read from, by its id; of several captures the last."""
    return {made["id"]: input_name(made["file"], made["line"]) for made in survey.inputs() if made.get("id")}


def _closed(recipe: Recipe, became: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Return the ids of the articles whose text no line that others see may show, whatever the day, by their rights.

    What is closed until a day, for what its line is, or because of a copy may appear without another decision.
    """
    lines = [name for name, line in recipe.lines.items() if line.destination != "local"]
    closed = [{identity for identity, code in became[name].items() if code in _BY_RIGHTS} for name in lines]
    return set.intersection(*closed) if closed else set()


def _held(survey: Survey, scope: Scope, closed: Collection[str]) -> tuple[set[str], dict[str, list[str]]]:
    """Return the ids of the articles that a scope holds, and the words on these that name somebody else, or nobody.

    Of articles that stay closed no words are returned.
    """
    held: set[str] = set()
    others: dict[str, set[str]] = defaultdict(set)
    for _, found in survey.articles():
        article = as_read(found)
        if _holds(scope, article):
            held.add(article["id"])
            if article["id"] in closed:
                continue
            for words in somebody_else(article, survey.recipe.sources[article["source"]]):
                others[words].add(article["id"])
    # Letters in brackets mean many things: they come last.
    most = sorted(others, key=lambda words: (len(words) <= _ACRONYM, -len(others[words]), words))
    return held, {words: sorted(others[words]) for words in most}


def _evidence(folder: Path, evidence: str, kind: str) -> tuple[Path | None, dict[str, str]]:
    if evidence.startswith(("http://", "https://")):
        return None, {"kind": kind, "scope": "text", "where": evidence}
    path = Path(evidence)
    if not path.is_file():
        raise UsageError(f"{path} is no file", advice="give the document, or its address, as --evidence")
    inside = path.resolve().is_relative_to(folder.resolve())
    where = path.resolve().relative_to(folder.resolve()).as_posix() if inside else f"{PRIVATE_FOLDER}/{path.name}"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return (None if inside else path), {"kind": kind, "scope": "text", "where": where, "sha256": digest}


def _holds(scope: Scope, article: Record) -> bool:
    claimed = normal_license(article["license"]) if "license" in article else None
    return scope.holds(article, claimed)


def _with(recipe: Recipe, name: str, entry: Mapping[str, Any]) -> Recipe:
    """Return a recipe with the decision added.

    Raises:
        DecisionError: the decision has faults.
    """
    document = tomlfile.parse(_toml(entry).decode(), f"{FOLDER}/{name}.toml", "rights")
    rights, faults = read_decisions([document], {n: s.rights for n, s in recipe.sources.items()}, recipe.sources)
    if faults:
        # There is no such file, so that its name and its lines would lead nowhere.
        raise DecisionError([Finding(each.code, _key(each.place), "", each.detail) for each in faults])
    sources = {name: replace(source, rights=rights[name]) for name, source in recipe.sources.items()}
    return replace(recipe, sources=sources)


def _key(place: str) -> str:
    """Return the key of a decision that a place in its file is about, such as `scope.sources`; `decision` for all."""
    return re.sub(r"\[[0-9]+\]", "", place.rpartition(", ")[2]).partition("decisions.")[2] or "decision"


def record(proposal: Proposal) -> Path:
    """Write a decision, and keep its document in the private folder of the corpus; return the decision's file."""
    if proposal.evidence:
        private = proposal.recipe.folder / PRIVATE_FOLDER
        private.mkdir(mode=PRIVATE, exist_ok=True)
        (private / ".gitignore").write_text("*\n", encoding="utf-8")
        kept = private / proposal.evidence.name
        if kept.exists() and kept.read_bytes() != proposal.evidence.read_bytes():
            raise OutputError(f"{kept} is there already and differs", advice="rename the document")
        shutil.copyfile(proposal.evidence, kept)
        kept.chmod(PRIVATE_FILE)
    write_durably(proposal.path, _toml(proposal.entry))
    return proposal.path


def _toml(entry: Mapping[str, Any]) -> bytes:
    order = list(contract("decision").schema["properties"])
    written = {key: _value(key, entry[key]) for key in order if key in entry}
    return tomli_w.dumps({"decisions": [written]}, multiline_strings=False).encode()


def _value(key: str, value: Any) -> Any:
    if key in ("decided_on", "expires", "embargoed_until"):
        return date.fromisoformat(value)
    return value
