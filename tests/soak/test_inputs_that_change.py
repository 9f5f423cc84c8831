"""Inputs that are changed while a build reads them: each article is what one file said at one moment, with its digest.

Files are replaced, cut, added to, written over, renamed among each other and linked elsewhere, without a pause, from
before the build is started until it ends. Every state that a file was in is known by its digest.
"""

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from soak_cases import OLD, WAYS, Ended, Place, Press, bytes_below, command, release_faults
from soak_figures import FIGURES, figures
from support import PAGE, Corpus, small_corpus

Told = Callable[[str, object], None]
CHANGED, PARTS = 500, 2
FILES = 30
_TAG = re.compile("v[0-9]+x")


class Changes:
    """Changes the pages of a corpus, and knows every state that any of them was in."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.places = [folder / "pages" / f"{number:03}.txt" for number in range(FILES)]
        self.secret = folder.parent / "secret.txt"
        self.states: dict[str, set[str]] = {}
        """Tags that stand in a state, by its digest."""
        self.made = 0
        self._chance = random.Random(seed)  # noqa: S311 - a seed, no secret
        self.secret.write_text(self._page("secret "), encoding="utf-8")
        for place in self.places:
            place.write_bytes(self._known(self._page().encode()))
        self.first = {place.name: self._digest(place.read_bytes()) for place in self.places}

    def _digest(self, data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()

    def _page(self, more: str = "") -> str:
        self.made += 1
        tag = f"{more}v{self.made}x"
        body = "".join(f"A paragraph of {tag}, number {n}, which says what happened.\n\n" for n in range(40))
        return PAGE.replace("A headline that says something", f"A headline of {tag}").replace(
            "Read on", body + "Read on"
        )

    def _known(self, data: bytes) -> bytes:
        self.states[self._digest(data)] = set(_TAG.findall(data.decode()))
        return data

    def change(self) -> None:
        """Change one file in one way."""
        chance, place = self._chance, self._chance.choice(self.places)
        beside = place.with_name(".beside")
        kind = chance.randrange(6)
        if kind == 0:
            beside.write_bytes(self._known(self._page().encode()))
            beside.replace(place)
        elif kind == 1:
            data = place.read_bytes()
            cut = len(data) * chance.randint(1, 9) // 10
            self._known(data[:cut])
            os.truncate(place, cut)
        elif kind == 2:
            data, more = place.read_bytes(), b"\n\nWords that come later, of " + self._page()[-40:].encode()
            self._known(data + more)
            with place.open("ab") as stream:
                stream.write(more)
        elif kind == 3:
            data = self._known(self._page().encode())
            with place.open("r+b", buffering=0) as stream:
                self._known(stream.read()[:0])
                stream.seek(0)
                stream.truncate(0)
                stream.write(data)
        elif kind == 4:
            other = chance.choice(self.places)
            place.rename(beside)
            with contextlib.suppress(FileNotFoundError):
                other.rename(place)
            beside.rename(other)
        else:
            beside.symlink_to(self.secret)
            beside.replace(place)
        # What is a link, or is gone, is a file again for the next change.
        for each in {place, self.places[0]}:
            if each.is_symlink() or not each.exists():
                beside.write_bytes(self._known(self._page().encode()))
                beside.replace(each)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Change files until the end of the block."""
        over = threading.Event()

        def work() -> None:
            while not over.is_set():
                self.change()

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def articles(place: Place) -> Iterator[dict[str, Any]]:
    for path in sorted(place.out.glob("small/vault/*/data/*/*.parquet")):
        yield from pq.ParquetFile(path).read().to_pylist()


def ledger(place: Place) -> list[dict[str, Any]]:
    path = place.work / "small" / OLD / "ledger.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def wrong_with(changes: Changes, ended: Ended, place: Place) -> tuple[int, list[str]]:
    """Return how many files were not what they were at first when they were read, and what is wrong."""
    if ended.code not in (0, 1) or "Traceback" in ended.said:
        return 0, [f"ends with {ended.code}: {ended.err[-300:]}"]
    faults = release_faults(place.out)
    rows = [row for row in ledger(place) if str(row["file"]).startswith("pages/") and row["file"] != "pages/1.txt"]
    files = {row["id"]: str(row["file"]).rpartition("/")[2] for row in rows if "id" in row}
    changed, seen = 0, 0
    for article in articles(place):
        name, provenance = files.get(article["id"]), article["provenance"]
        if name is None:
            continue
        assert isinstance(provenance, dict)
        digest = str(provenance["capture_sha256"])
        seen, changed = seen + 1, changed + (changes.first[name] != digest)
        tags = set(_TAG.findall(f"{article['title']} {article['text']}"))
        faults += [f"{name} has a digest that no file ever had"] if digest not in changes.states else []
        faults += [f"{name} says {sorted(tags)}"] if not tags <= changes.states.get(digest, tags) else []
    faults += ["no article was looked at"] if not seen else []
    faults += ["a file is in the ledger twice"] if len({row["file"] for row in rows}) != len(rows) else []
    faults += ["words of the secret"] if any("secret" in str(article["text"]) for article in articles(place)) else []
    refused = sum(row["became"]["vault"]["class"] == "rejected" for row in rows)
    return changed + refused, faults


def one_round(press: Press, number: int, folder: Path) -> tuple[int, list[str]]:
    """Build while files change, and then once more when they do not: with what was kept, and without."""
    made: Corpus = small_corpus(folder)
    changes, place = Changes(made.folder, f"press/{number}"), Place.below(folder / "here")
    place.tmp.mkdir(parents=True)
    order = command(made.folder, place, WAYS["alone"], OLD)
    with changes.at_work():
        ended = press.run(order, place)
    changed, faults = wrong_with(changes, ended, place)
    found = []
    for more in ((), ("--no-cache",)):
        shutil.rmtree(place.out, ignore_errors=True)
        again = press.run([*order, *more], place)
        faults += [f"the build after it ends with {again.code}: {again.err[-300:]}"] if again.code else []
        found.append(bytes_below(place.out))
    return changed, faults + (["what was kept is not what is there"] if found[0] != found[1] else [])


def rounds(press: Press, first: int, step: int, least: int, folder: Path) -> tuple[int, int, list[str]]:
    """Go on until so many files were changed before they were read; return how many builds that took."""
    done, builds, faults = 0, 0, []
    while done < least and builds < 100:
        number = first + step * builds
        changed, wrong = one_round(press, number, folder / str(number))
        print(f"press/{number}: {changed} of {FILES} files had changed when they were read {wrong or ''}")
        if wrong:
            replay = f"CHANGES={number} pytest -m '' tests/soak/test_inputs_that_change.py -k replay"
            faults.append(f"{replay}: {'; '.join(wrong[:4])}")
        shutil.rmtree(folder / str(number))
        done, builds = done + changed, builds + 1
    return done, builds, faults


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_what_changes_while_it_is_read_is_one_state_or_refused(
    part: int, press: Press, tmp_path: Path, record_property: Told
) -> None:
    done, builds, faults = rounds(press, part, PARTS, CHANGED // PARTS, tmp_path)
    done = min(done, CHANGED // PARTS)
    record_property(
        FIGURES, figures("changes", seed=f"press, part {part}", done=done, faults=faults, also={"builds": builds})
    )
    assert faults == []


def test_some_files_that_change_are_one_state_or_refused(press: Press, tmp_path: Path) -> None:
    changed, faults = one_round(press, 0, tmp_path)
    assert faults == []
    assert changed


@pytest.mark.skipif("CHANGES" not in os.environ, reason="CHANGES=NUMBER repeats one build, as a soak prints it")
def test_replay(press: Press, tmp_path: Path) -> None:
    assert one_round(press, int(os.environ["CHANGES"]), tmp_path)[1] == []
