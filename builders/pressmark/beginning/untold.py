"""What could not be told of files, in words, with what to do."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pressmark.beginning.sample import RECORDS
from pressmark.beginning.strange import SHOWN, Strange, some
from pressmark.beginning.trial import Trial

_FEW = 3
_COLUMNS, _CHARACTERS = 12, 40


def untold(trials: Sequence[Trial], source: str, others: Sequence[tuple[str, Strange | None]]) -> Iterator[str]:
    """Yield what somebody has to say.

    Args:
        trials: How inputs are read.
        source: The source file.
        others: Files that are passed over.
    """
    for trial in trials:
        yield from _of_trial(trial, source)
    kinds: dict[Strange | None, list[str]] = defaultdict(list)
    refused = {file for trial in trials for file in trial.refused_files}
    for shown, kind in others:
        # Of what nothing can be told the code of its refusal says more.
        if kind or shown not in refused:
            kinds[kind].append(shown)
    for kind, paths in kinds.items():
        if kind:
            yield f"{some(paths)}: {kind.what}, which is passed over; {kind.advice}"
        else:
            yield f"what these files are: {some(paths)}; they are passed over, or refused where a glob means them"


def _of_trial(trial: Trial, source: str) -> Iterator[str]:
    if trial.input.format == "page" and not trial.articles:
        few = "; several pages would show what they have in common" if trial.looked_at < _FEW else ""
        yield f"how {trial.input.files} is laid out: describe its lines in {source}, as docs/pages.md says{few}"
    if trial.input.format in RECORDS and not trial.articles and trial.records:
        yield _of_records(trial.input.files, trial.records)
    for code, count in trial.refused.most_common():
        why = f" ({trial.reasons[code]})" if trial.reasons.get(code) else ""
        told = f"{count} of {trial.looked_at} inputs of {trial.input.files} looked at are refused: {code}{why}"
        yield f"{told}; see pressmark explain {code}"
    known = Counter(name for article in trial.articles for name in article)
    for name in ("title", "published_on"):
        if trial.articles and not known[name]:
            yield f"where {trial.input.files} has {name}: no article has one"


def _of_records(files: str, records: Sequence[Mapping[str, Any]]) -> str:
    """Return what records have, where none could be read, and what to say of them."""
    held = {key: _kind_of(value) for record in reversed(records) for key, value in record.items()}
    below = [key for key, kind in held.items() if kind == "a list of records"]
    if len(records) == 1 and below:
        listed = ", ".join(_cut(key) for key in below[:SHOWN])
        return (
            f"where the articles of {files} are: it is one record with a list of records in {listed}; write that list "
            f"to a file of its own, and begin again with that"
        )
    names = [f"{_cut(key)}{f' ({kind})' if kind else ''}" for key, kind in held.items()]
    more = f" and {len(names) - _COLUMNS} more" if len(names) > _COLUMNS else ""
    return (
        f"what is what in {files}: its records have {', '.join(names[:_COLUMNS])}{more}; say in corpus.toml which of "
        'these is the id and which the text, words or a list of them: fields = { id = "...", text = "..." } '
        "(docs/formats.md)"
    )


def _cut(name: str) -> str:
    return name if len(name) <= _CHARACTERS else f"{name[:_CHARACTERS]}…"


def _kind_of(value: Any) -> str:
    """Return what a value is that is no string."""
    if isinstance(value, list):
        return "a list of records" if any(isinstance(each, dict) for each in value) else "a list"
    if isinstance(value, dict):
        return "a record"
    return "" if isinstance(value, str) else "a number" if isinstance(value, int | float) else "nothing"
