"""Made-up corpora for benchmarks: the same articles for the same numbers, on every machine.

    python benchmarks/corpora.py FOLDER --articles 100000

Words are Korean-like, Han or Latin, with the frequencies of a language, under invented names. Shares of exact copies,
near copies, odd whitespace, decomposed letters and faults can be chosen. Nothing is held but the last few thousand
articles, which copies are made of.
"""

import argparse
import json
import unicodedata
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

WORDS, BEFORE = 30_000, 5000
SCRIPTS = {"ko": (0xAC00, 11_000, 1, 4), "zh": (0x4E00, 6000, 1, 3), "en": (0x61, 26, 2, 9)}
RECIPE = """
[corpus]
name = "speed"
title = "Speed"
languages = ["ko-CN"]
contact = "nobody@speed.example"
[releases.open]
destination = "public"
[[input]]
files = "a.jsonl"
format = "jsonl"
source = "paper"
[splits]
train = 0.9
test = 0.1
[limits]
rejected = "5 %"
"""
SOURCE = """
title = "Paper"
publisher = "House"
language = "ko-CN"
timezone = "Asia/Shanghai"
derivation = "original"
[[rights.decisions]]
status = "public_domain"
basis = "Made up for a benchmark."
decided_by = "nobody"
decided_on = 2025-01-01
scope = { until = @UNTIL@ }
evidence = [{ kind = "manual", scope = "text", where = "here" }]
"""


@dataclass(frozen=True)
class Mix:
    """What articles are like; shares are of all articles."""

    words: int = 520
    """Words of an article, about."""

    exact: float = 0.03
    near: float = 0.03
    untidy: float = 0.1
    """With spaces at line ends and blank lines."""

    decomposed: float = 0.02
    broken: float = 0.005
    """That no reader can take for an article: without a text, or with a date that does not exist."""


class Press:
    """Writes articles one after the other."""

    def __init__(self, seed: int, mix: Mix) -> None:
        self.random = np.random.default_rng(seed)
        self.mix = mix
        self.words = {name: self._vocabulary(*how) for name, how in SCRIPTS.items()}
        weights = 1 / (np.arange(WORDS) + 3)
        self.sums = np.cumsum(weights / weights.sum())
        self.sums[-1] = 1

    def _vocabulary(self, first: int, letters: int, least: int, most: int) -> npt.NDArray[np.str_]:
        codes = self.random.integers(first, first + letters, (WORDS, most))
        sizes = self.random.integers(least, most + 1, WORDS)
        return np.array(["".join(map(chr, word[:size])) for word, size in zip(codes, sizes, strict=True)])

    def _drawn(self, count: int) -> npt.NDArray[np.int64]:
        return np.searchsorted(self.sums, self.random.random(count))

    def articles(self, count: int) -> Iterator[dict[str, Any]]:
        """Yield articles as records."""
        before: deque[tuple[str, npt.NDArray[np.int64]]] = deque(maxlen=BEFORE)
        for number in range(count):
            kind = self.random.random()
            if before and kind < self.mix.exact + self.mix.near:
                script, drawn = before[int(self.random.integers(len(before)))]
                if kind >= self.mix.exact:
                    drawn = drawn.copy()
                    edited = self.random.random(drawn.size) < 0.02
                    drawn[edited] = self._drawn(int(edited.sum()))
            else:
                script = str(self.random.choice(["ko", "zh", "en"], p=[0.8, 0.1, 0.1]))
                drawn = self._drawn(int(self.random.integers(self.mix.words // 2, self.mix.words * 3 // 2)))
                before.append((script, drawn))
            yield self._record(number, self.words[script][drawn])

    def _record(self, number: int, words: npt.NDArray[np.str_]) -> dict[str, Any]:
        chance = self.random.random(3)
        ends = ("  \n\n\n", " \u3000\n\n") if chance[0] < self.mix.untidy else ("\n\n", "\n\n")
        parts = [" ".join(words[start : start + 40]) + "." for start in range(0, words.size, 40)]
        text = "".join(part + ends[at % 2] for at, part in enumerate(parts)).strip()
        if chance[1] < self.mix.decomposed:
            text = unicodedata.normalize("NFD", text)
        day = f"{2010 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}"
        record = {
            "id": f"a{number}",
            "url": f"https://paper.example/{day.replace('-', '/')}/{number}.html",
            "title": " ".join(words[:6]),
            "section": ["news", str(words[0])],
            "contributors": [{"role": "rpt", "name": str(words[-1]), "label": "기자"}],
            "published_at": f"{day}T0{number % 10}:30:00+08:00",
            "attribution": "The Paper",
            "captions": [{"image": f"{number}.jpg", "text": " ".join(words[6:14])}],
            "text": text,
        }
        if chance[2] < self.mix.broken:
            record |= {"text": ""} if number % 2 else {"published_at": f"{day[:5]}02-30T00:00:00+08:00"}
        return record


def lines(count: int, path: Path, seed: int = 7, mix: Mix | None = None) -> None:
    """Write articles as JSON Lines."""
    with path.open("w", encoding="utf-8") as stream:
        for record in Press(seed, mix or Mix()).articles(count):
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")


def corpus(folder: Path, count: int, *, seed: int = 7, mix: Mix | None = None, closed_from: str = "2026-01-01") -> None:
    """Write a corpus folder: recipe, source, and articles.

    Args:
        folder: Where it goes.
        count: How many articles.
        seed: Other seeds give other articles.
        mix: What they are like.
        closed_from: Texts from that day on are withheld, so that a scan has something to look for; none by default.
    """
    (folder / "sources").mkdir(parents=True)
    (folder / "corpus.toml").write_text(RECIPE, encoding="utf-8")
    source = SOURCE.replace("@UNTIL@", closed_from)
    (folder / "sources" / "paper.toml").write_text(source, encoding="utf-8")
    lines(count, folder / "a.jsonl", seed, mix)


def main() -> None:
    """Write a corpus."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--articles", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--words", type=int, default=Mix.words)
    options.add_argument("--near", type=float, default=Mix.near)
    options.add_argument("--exact", type=float, default=Mix.exact)
    options.add_argument("--broken", type=float, default=Mix.broken)
    options.add_argument("--closed-from", default="2026-01-01")
    chosen = options.parse_args()
    mix = Mix(words=chosen.words, near=chosen.near, exact=chosen.exact, broken=chosen.broken)
    corpus(chosen.folder, chosen.articles, seed=chosen.seed, mix=mix, closed_from=chosen.closed_from)


if __name__ == "__main__":
    main()
