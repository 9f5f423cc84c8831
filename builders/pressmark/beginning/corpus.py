"""A corpus folder that builds at once: written from what its inputs show and from what somebody says."""

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path, PurePosixPath

from pressmark.article.contract import contract, schema_folder
from pressmark.beginning.places import apart, globs_for, meant_too, placed, refuse_strange
from pressmark.beginning.sample import Kind, most_common
from pressmark.beginning.texts import EXAMPLE, IGNORED, examples, recipe_text, source_text
from pressmark.beginning.trial import Trial, tried
from pressmark.beginning.untold import untold
from pressmark.errors import RecipeError, UsageError
from pressmark.intake.unpack import inner_name
from pressmark.recipe import Input, Line, Recipe, read_recipe
from pressmark.sources import Source
from pressmark.workshop import write_durably

SCHEMAS = ("corpus.schema.json", "source.schema.json")
_UNTOLD = "und"
_NAME = re.compile("[a-z0-9][a-z0-9-]{0,63}")
_SLUG = re.compile("[^a-z0-9]+")
_SHARES = (("train", "0.8"), ("validation", "0.1"), ("test", "0.1"))
_HANGUL, _KANA, _HAN = (re.compile(f"[{part}]") for part in ("가-힣", "ぁ-ヿ", "一-鿿"))
_ENOUGH = 0.2
"""Share of a text's characters in one script, for the text to be in a language that is written so."""

_FORMATS = {".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "tsv"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody says of a corpus; what is empty is told from its inputs, or a placeholder stands for it."""

    name: str = ""
    title: str = ""
    source: str = ""
    publisher: str = ""
    language: str = ""
    timezone: str = ""
    contact: str = ""
    repo: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A corpus that was begun."""

    folder: Path
    written: list[str]
    """Files below it, but for the articles."""

    trials: list[Trial]
    """How each of its inputs is read."""

    copied: int
    """How many files were copied below it."""

    untold: list[str]
    """What could not be told, in words, with what to do."""


def begin(
    folder: Path | str,
    wish: Wish,
    files: Sequence[str] = (),
    fetch: Callable[[Recipe], object] | None = None,
) -> Begun:
    """Write a corpus folder.

    Files that lie elsewhere are copied below `articles/`; of what they hold a sample is read. Without any, two example
    articles are written.

    Args:
        folder: The corpus folder; it must not hold a `corpus.toml`.
        wish: What is known.
        files: Files, folders of them, or an address of files on the Hub, `hf://datasets/ORG/NAME@REVISION/FILES`.
        fetch: Brings home what a recipe names on the Hub.

    Raises:
        UsageError: there is a corpus already, or a file is not there, or none of them can be read.
    """
    home = Path(folder)
    hub, local = apart(home, files)
    of_the_hub = [(address, Kind(_format_of(address))) for address in hub]
    wish = _completed(wish, home)
    _refuse_wish(wish)
    if local and not hub:
        refuse_strange(local)
    home.mkdir(parents=True, exist_ok=True)
    if not files:
        write_durably(home / EXAMPLE, examples().encode())
    there = list(placed(home, local))
    copied = sum(copied for _, copied in there)
    examples_ = [] if files else [home / EXAMPLE]
    globs, others = globs_for(home, local, [*(path for path, _ in there), *examples_])
    recipe = _recipe(home, wish, [*globs, *of_the_hub])
    if hub and fetch:
        fetch(recipe)
    trials = [tried(recipe, entry) for entry in recipe.inputs]
    recipe = _settled(recipe, wish, trials)
    written = list(_write(recipe))
    source = f"sources/{wish.source}.toml"
    told = [
        *_unsaid(wish, recipe, trials),
        *untold(trials, source, others),
        *meant_too(recipe, [*(path for path, _ in there), *examples_]),
    ]
    return Begun(home, written, trials, copied, told)


def _refuse_wish(wish: Wish) -> None:
    """Refuse what no recipe may have, before anything is written."""
    for name in (wish.name, wish.source):
        if not _NAME.fullmatch(name):
            raise UsageError(f"found the name {name!r}", advice="names are lower case letters, digits and hyphens")
    if wish.language and (fault := language_fault(wish.language)):
        raise UsageError(
            fault, advice="give one as --language, or none: it is then told from the script of the articles"
        )
    probe = _recipe(Path(), replace(wish, language=wish.language or _UNTOLD), [(EXAMPLE, Kind("jsonl"))])
    try:
        _refuse_faults(probe)
    except RecipeError as error:
        # There is no file yet that somebody could mend.
        details = dict.fromkeys(f"{fault.place.rpartition('.')[2]}: {fault.detail}" for fault in error.faults)
        raise UsageError("; ".join(details), advice="give another value as the option of that name") from error


def language_fault(tag: str) -> str:
    """Return what is wrong with a language, nothing if it is a tag by its form."""
    pattern = contract("source").schema["$defs"]["language"]["pattern"]
    is_tag = re.fullmatch(pattern, tag) is not None
    return "" if is_tag else f"found the language {tag!r}, expected a tag: en-GB, ko-CN, zh-Hans"


def _refuse_faults(recipe: Recipe) -> None:
    """Write recipe and source where nobody sees them, and read them."""
    with tempfile.TemporaryDirectory(prefix="pressmark-") as place:
        for path, data in _words(recipe).items():
            write_durably(Path(place) / path, data)
        read_recipe(place)


def _completed(wish: Wish, home: Path) -> Wish:
    name = wish.name or _SLUG.sub("-", home.resolve().name.lower()).strip("-") or "corpus"
    title = wish.title or name.replace("-", " ").capitalize()
    source = wish.source or f"{name}-paper"
    return replace(wish, name=name[:64], title=title, source=source[:64], publisher=wish.publisher or title)


def _format_of(address: str) -> str:
    """Return the format of files on the Hub, which their names alone tell."""
    found = _FORMATS.get(PurePosixPath(inner_name(address)).suffix.lower())
    if found is None:
        raise UsageError(
            f"{address} does not say what files these are",
            advice=f"end it as they do, e.g. data/*.parquet; known are {', '.join(_FORMATS)}, also with .gz and .zst",
        )
    return found


def _recipe(home: Path, wish: Wish, globs: Sequence[tuple[str, Kind]]) -> Recipe:
    language = wish.language or _UNTOLD
    source = Source(wish.source, wish.title, wish.publisher, language, timezone=wish.timezone or None)
    return Recipe(
        folder=home,
        name=wish.name,
        title=wish.title,
        languages=(language,),
        contact=wish.contact or f"withdrawals@{wish.name}.example",
        lines={"open": Line("open", "public", repo=wish.repo or None), "vault": Line("vault", "local")},
        inputs=tuple(Input(files, kind.format, wish.source, delimiter=kind.delimiter) for files, kind in globs),
        sources={wish.source: source},
        splits=tuple((name, Fraction(share)) for name, share in _SHARES),
    )


def _settled(recipe: Recipe, wish: Wish, trials: Sequence[Trial]) -> Recipe:
    """Return the recipe with what was told from its inputs."""
    (source,) = recipe.sources.values()
    language = wish.language or _language(trials)
    layout = next((trial.layout for trial in trials if trial.layout), None)
    source = replace(source, language=language, layout=layout)
    inputs = tuple(trial.input for trial in trials)
    return replace(recipe, languages=(language,), inputs=inputs, sources={source.name: source})


def _language(trials: Sequence[Trial]) -> str:
    texts = [article["text"] for trial in trials for article in trial.articles]
    return most_common(map(_written_in, texts)) or _UNTOLD


def _written_in(text: str) -> str:
    counts = {name: len(each.findall(text)) for name, each in (("ko", _HANGUL), ("ja", _KANA), ("zh", _HAN))}
    return next((name for name, count in counts.items() if count >= _ENOUGH * len(text)), _UNTOLD)


def _words(recipe: Recipe) -> dict[str, bytes]:
    (source,) = recipe.sources.values()
    formats = {each.format for each in recipe.inputs}
    shown = "".join(character if character.isprintable() else "?" for character in str(recipe.folder))
    return {
        "corpus.toml": recipe_text(recipe).encode(),
        f"sources/{source.name}.toml": source_text(source, shown, formats).encode(),
        ".gitignore": IGNORED.encode(),
        **{f".schema/{name}": (schema_folder() / name).read_bytes() for name in SCHEMAS},
    }


def _write(recipe: Recipe) -> Iterator[str]:
    """Write the files of a corpus that are not there, the recipe last: what stands there has no faults."""
    _refuse_faults(recipe)
    words = _words(recipe)
    for path in [*(name for name in words if name != "corpus.toml"), "corpus.toml"]:
        if not (recipe.folder / path).exists():
            write_durably(recipe.folder / path, words[path])
            yield path


def _unsaid(wish: Wish, recipe: Recipe, trials: Sequence[Trial]) -> Iterator[str]:
    """Yield what nobody said, and what of it was told from the articles."""
    source = f"sources/{wish.source}.toml"
    if recipe.languages == (_UNTOLD,):
        yield f"the language: put its BCP 47 tag, such as en-GB, for und into corpus.toml and {source}"
    elif not wish.language:
        yield f"the variety of {recipe.languages[0]}, for the script alone was looked at: corpus.toml and {source}"
    if not wish.contact:
        yield f"where withdrawals are asked for: contact = {recipe.contact!r} in corpus.toml is a placeholder"
    if sum((trial.notes for trial in trials), Counter())["unclear-time"] and not wish.timezone:
        yield f"the zone of times without one: give timezone in {source}; until then only the day is known"
