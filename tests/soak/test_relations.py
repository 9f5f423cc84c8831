"""What may be done to the inputs of a corpus without a release being another: ten relations, for corpora by chance."""

import gzip
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pressmark import build
from soak_cases import bytes_below
from soak_figures import FIGURES, figures
from support import AS_OF, Corpus, small_corpus

Told = Callable[[str, object], None]
CORPORA, PARTS = 200, 20
SEED = "press"

WORDS = [
    "harbour",
    "council",
    "river",
    "school",
    "ferry",
    "market",
    "bridge",
    "winter",
    "소식",
    "항구",
    "시장",
    "letters",
]
Files = dict[str, list[bytes]]
"""Lines of each file."""


def made(chance: random.Random) -> Files:
    """Return a corpus of some records, a few of which say the same."""
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(4, 60))) + "." for _ in range(chance.randint(4, 16))]
    lines = []
    for number in range(len(texts) + chance.randint(0, 5)):
        record: dict[str, Any] = {"id": f"r{number}", "text": texts[number % len(texts)]}
        if chance.random() < 0.8:
            record["published_on"] = (
                f"{chance.randint(2018, 2021)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            )
        if chance.random() < 0.5:
            record["title"] = " ".join(chance.choices(WORDS, k=4))
        if chance.random() < 0.3:
            record["section"] = chance.choices(WORDS, k=2)
        lines.append(json.dumps(record, ensure_ascii=False).encode())
    chance.shuffle(lines)
    files = chance.randint(2, 4)
    return {f"records/{number}.jsonl": lines[number::files] for number in range(files)}


def shuffled(files: Files, chance: random.Random) -> Files:
    return {name: chance.sample(lines, len(lines)) for name, lines in files.items()}


def renamed(files: Files, chance: random.Random) -> Files:
    names = [f"records/{chance.choice('abc')}/{number}-{name[8:]}" for number, name in enumerate(reversed(files))]
    return dict(zip(names, files.values(), strict=True))


def divided(files: Files, chance: random.Random) -> Files:
    return {f"{name[:-6]}-{n}.jsonl": [line] for name, lines in files.items() for n, line in enumerate(lines)}


def joined(files: Files, chance: random.Random) -> Files:
    return {"records/all.jsonl": [line for lines in files.values() for line in lines]}


def spaced(files: Files, chance: random.Random) -> Files:
    return {name: [part for line in lines for part in (b"", line, b" ")] for name, lines in files.items()}


def twice(files: Files, chance: random.Random) -> Files:
    name = chance.choice(list(files))
    return {**files, f"{name[:-6]}-copy.jsonl": files[name]}


def with_one_more(files: Files, chance: random.Random) -> Files:
    text = "Nothing of what stands elsewhere stands here: rain fell upon twelve quiet gardens all afternoon."
    return {**files, "records/more.jsonl": [json.dumps({"id": "more", "text": text}).encode()]}


def as_it_was(files: Files, chance: random.Random) -> Files:
    return files


def packed_gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def packed_zst(data: bytes) -> bytes:
    return bytes(pa.compress(data, "zstd", asbytes=True))


RELATIONS: dict[str, tuple[Callable[[Files, random.Random], Files], str]] = {
    "lines in another order": (shuffled, "bytes"),
    "files of other names": (renamed, "bytes"),
    "a file for each record": (divided, "bytes"),
    "one file": (joined, "bytes"),
    "blank lines": (spaced, "bytes"),
    "gzip": (as_it_was, "bytes"),
    "zstd": (as_it_was, "bytes"),
    "again, with what was kept": (as_it_was, "bytes"),
    "a file twice": (twice, "rows"),
    "one article more": (with_one_more, "rows of before"),
}
"""What is done to the inputs, and what has to stay."""


def written(folder: Path, files: Files, relation: str = "") -> None:
    shutil.rmtree(folder / "records")
    for name, lines in files.items():
        data = b"\n".join(lines) + b"\n"
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if relation in ("gzip", "zstd"):
            place = place.with_name(f"{place.name}.{'gz' if relation == 'gzip' else 'zst'}")
            data = packed_gz(data) if relation == "gzip" else packed_zst(data)
        place.write_bytes(data)


def rows(out: Path) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield every row with its line, configuration, split and id."""
    for path in sorted(out.rglob("*.parquet")):
        line, _, config, split = path.relative_to(out).parts[1:5]
        for row in pq.ParquetFile(path).read().to_pylist():
            yield (line, config, split, row["id"]), row


def wrong_with(corpus: Corpus, number: int, relations: tuple[str, ...] = tuple(RELATIONS)) -> list[str]:
    """Build a corpus made by chance, and again under each relation; return where what has to stay did not."""
    chance = random.Random(f"{SEED}/{number}")  # noqa: S311 - a seed, no secret
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8").replace("records/**/*.jsonl", "records/**/*")
    corpus.write("corpus.toml", recipe)
    files = made(chance)
    faults = []
    for relation in ("", *relations):
        again = relation.startswith("again")
        changed = RELATIONS[relation][0](files, chance) if relation else files
        written(corpus.folder, changed, relation)
        shutil.rmtree(corpus.out, ignore_errors=True)
        if not again:
            shutil.rmtree(corpus.work, ignore_errors=True)
        options = {"out": corpus.out, "work": corpus.work, "as_of": AS_OF, "workers": 1}
        if again:
            build(corpus.folder, "1.0.0", **options)  # type: ignore[arg-type]
            shutil.rmtree(corpus.out)
        build(corpus.folder, "1.0.0", **options)  # type: ignore[arg-type]
        if not relation:
            bytes_, rows_ = bytes_below(corpus.out), dict(rows(corpus.out))
            continue
        stays, now = RELATIONS[relation][1], dict(rows(corpus.out))
        if stays == "bytes":
            is_same = bytes_below(corpus.out) == bytes_
        elif stays == "rows":
            is_same = now == rows_
        else:
            is_same = {place: row for place, row in now.items() if not place[3].endswith(":more")} == rows_
        faults += [] if is_same else [f"{relation}: other {stays}"]
    return faults


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_what_may_be_done_to_inputs_changes_nothing(part: int, tmp_path: Path, record_property: Told) -> None:
    faults = []
    for number in range(part, CORPORA, PARTS):
        wrong = wrong_with(small_corpus(tmp_path / str(number)), number)
        replay = f"RELATIONS={number} pytest -m '' tests/soak/test_relations.py -k replay"
        faults += [f"{replay}: {each}" for each in wrong]
        shutil.rmtree(tmp_path / str(number))
    done = CORPORA // PARTS * len(RELATIONS)
    record_property(FIGURES, figures("relations", seed=f"{SEED}, part {part}", done=done, faults=faults))
    assert faults == []


def test_what_may_be_done_to_inputs_of_one_corpus_changes_nothing(corpus: Corpus) -> None:
    assert wrong_with(corpus, 0, ("lines in another order", "zstd", "a file twice")) == []


def test_what_may_not_be_done_would_be_seen(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = (lambda files, _: dict(list(files.items())[1:]), "bytes")
    monkeypatch.setitem(RELATIONS, "one file less", fewer)
    assert wrong_with(corpus, 0, ("one file less",)) == ["one file less: other bytes"]


@pytest.mark.skipif("RELATIONS" not in os.environ, reason="RELATIONS=NUMBER repeats one corpus, as a soak prints it")
def test_replay(corpus: Corpus) -> None:
    assert wrong_with(corpus, int(os.environ["RELATIONS"])) == []
