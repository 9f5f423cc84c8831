"""Near copies are found by sketches, bands and comparing: the same as by comparing everything with everything."""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from near_cases import THRESHOLD, Press, corpus, grams, labels, named, near_pairs, only_letters, resemblance
from pressmark import likeness, likeness_judged, likeness_stages
from pressmark.article.letters import letters, letters_digest
from pressmark.cache import Cache
from pressmark.curate import grams as ours
from pressmark.curate.links import Pairs, across, components, meetings, packed, pairs, unpacked, with_first
from pressmark.curate.sketches import BANDS, SLOTS, agreeing, bands, sketches
from pressmark.engine.local import LocalEngine
from pressmark.likeness import Likeness
from pressmark.likeness_judged import Judged
from pressmark.shelf import Shelf
from pressmark.staging import LENGTHS, SKETCHES, sketch, staged_at
from strategies import checked


def staged_texts(folder: Path, tasks: Sequence[Sequence[str]], batch: int = 7) -> Path:
    """Write texts as the reading tasks of a build stage them."""
    for number, texts in enumerate(tasks):
        schema = pa.schema([("text", pa.string()), ("letters_sha256", pa.string())])
        place = staged_at(folder, number)
        with (
            pa.OSFile(str(place), "wb") as sink,
            pa.ipc.new_file(sink, schema) as writer,
            place.with_suffix(SKETCHES).open("wb") as sketches,
            place.with_suffix(LENGTHS).open("wb") as lengths,
        ):
            for start in range(0, len(texts), batch):
                some = texts[start : start + batch]
                writer.write_batch(pa.record_batch([some, [letters_digest(text) for text in some]], schema=schema))
                sketch(list(map(letters, some)), sketches, lengths)
    return folder


def found_in(folder: Path, tasks: Sequence[Sequence[str]], workers: int = 1, batch: int = 7) -> dict[str, str]:
    """Return the family of each text's letters that is not its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with LocalEngine(workers) as engine:
        likeness = Likeness(engine, staged_texts(folder, tasks, batch), len(tasks), folder / "likeness", THRESHOLD)
        likeness.number()
        found = likeness.families("all", likeness.texts).tolist()
        return named((letters_digest(text) for texts in tasks for text in texts), found)


def by_hand(texts: Sequence[str]) -> dict[str, str]:
    """Return the same from comparing everything with everything."""
    unique = sorted({letters_digest(text): text for text in texts}.items())
    family = labels(len(unique), list(near_pairs([text for _, text in unique])))
    return {unique[n][0]: unique[top][0] for n, top in enumerate(family) if top != n}


@checked(200)
@given(st.text(st.characters(categories=("Lo", "Ll", "Nd")), min_size=50, max_size=200))
def test_grams_are_the_different_runs_of_five_letters(text: str) -> None:
    assert ours.grams(text).size == len({text[n : n + 5] for n in range(len(text) - 4)})


@checked(100)
@given(st.lists(st.text("가나다abc", min_size=5, max_size=40), min_size=1, max_size=6))
def test_grams_of_several_texts_are_those_of_each(texts: list[str]) -> None:
    hashes, owners = ours.gram_hashes(texts)
    for number, text in enumerate(texts):
        assert hashes[owners == number].tolist() == ours.gram_hashes([text])[0].tolist()


def test_similarity_is_the_jaccard_index_of_all_grams() -> None:
    press = Press(5)
    for _ in range(200):
        one = press.article()
        other = press.copy(one)
        first, second = ours.grams(letters(one)), ours.grams(letters(other))
        assert ours.similarity(first, second) == resemblance(one, other)
        assert first.size == len(grams(one))


def test_sketches_do_not_depend_on_what_is_sketched_beside() -> None:
    texts = [letters(text) for text in corpus(3, 60)]
    together = sketches(texts)
    assert together.shape == (60, SLOTS)
    for number, text in enumerate(texts):
        assert together[number].tolist() == sketches([text])[0].tolist()
    assert sketches([]).shape == (0, SLOTS)


def test_sketches_are_the_same_for_ever() -> None:
    # What meets rests on these: two builds of one corpus have to compare the same pairs.
    found = sketches(["이웃마을의다리가새로놓였다고한다" * 4 + "".join(map(chr, range(0x4E00, 0x4E80)))])
    assert hashlib.sha256(found.tobytes() + bands(found).tobytes()).hexdigest() == SEALED


SEALED = "a4cec1cb334d7d5bbc2e3d213fcf9f088d6b8e39db6d0e44caf1694567cbce3f"


@pytest.mark.parametrize("characters", [60, 120, 400, 2000])
def test_sketches_agree_in_as_many_slots_as_texts_are_alike(characters: int) -> None:
    press, errors, missed, near = Press(characters), [], 0, 0
    for _ in range(250):
        one = only_letters(press.article(paragraphs=30))[:characters]
        other = press.edited(one)
        alike = float(resemblance(one, other))
        both = sketches([one, other])
        errors.append((both[0] == both[1]).mean() - alike)
        if alike >= 0.8:
            near += 1
            one_sketch, other_sketch = bands(both)
            missed += not (one_sketch == other_sketch).any()
    assert near > 40
    assert missed == 0
    assert abs(np.mean(errors)) < 0.01
    assert np.std(errors) < 0.05


def test_what_is_kept_of_sketches_agrees_where_they_do() -> None:
    press = Press(8)
    texts = [press.article() for _ in range(40)]
    one, other = (sketches([*map(letters, those)]) for those in (texts, [*map(press.copy, texts)]))
    kept, beside = bands(one), bands(other)
    assert kept.shape == (40, BANDS)
    assert agreeing(kept.T, beside.T, 40).tolist() == (one == other).sum(axis=1).tolist()


numbers = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 30)), max_size=40, unique_by=lambda each: each[1])


@checked(200)
@given(numbers)
def test_who_shares_a_key_meets(found: list[tuple[int, int]]) -> None:
    keys = np.array([key for key, _ in found], np.uint64)
    texts, begins = meetings(keys, np.array([text for _, text in found], np.int64))
    expected = [sorted(text for key, text in found if key == which) for which in sorted({key for key, _ in found})]
    expected = [those for those in expected if len(those) > 1]
    assert texts.tolist() == [text for those in expected for text in those]
    assert [texts[begin] for begin in begins] == [those[0] for those in expected]
    firsts = sorted((those[0], other) for those in expected for other in those[1:])
    assert [tuple(pair) for pair in with_first(texts, begins).tolist()] == firsts
    apart = np.arange(31) % 3
    crossing = sorted(
        {(one, other) for those in expected for one in those for other in those if one < other and (one - other) % 3}
    )
    assert sorted({tuple(pair) for some in across(texts, begins, apart) for pair in some.tolist()}) == crossing


@checked(100)
@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 5), max_size=40), st.data(), st.integers(1, 9))
def test_texts_with_the_same_key_are_in_one_part(found: list[int], data: st.DataObject, at_once: int) -> None:
    keys = np.array(found, np.uint64)
    asked = np.array(data.draw(st.lists(st.booleans(), min_size=len(found), max_size=len(found))), bool)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(likeness_stages, "_TEXTS_AT_ONCE", at_once)
        parts = [(keys.tolist(), texts.tolist()) for keys, texts in likeness_stages._parts(keys, asked)]
    assert len(parts) == 1 + len(found) // at_once
    assert sorted(text for _, texts in parts for text in texts) == np.flatnonzero(asked).tolist()
    seen: set[int] = set()
    for part, texts in parts:
        assert part == [found[text] for text in texts]
        assert texts == sorted(texts)
        assert not seen & {*part}
        seen |= {*part}


packed_pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2**32 - 1) | st.integers(0, 9)), max_size=30)


@checked(100)
@given(st.lists(packed_pairs, min_size=1, max_size=4), st.lists(packed_pairs, max_size=3), st.integers(1, 9))
def test_pairs_of_several_searches_are_gathered_without_the_known_ones(
    found: list[list[tuple[int, int]]], known: list[list[tuple[int, int]]], at_once: int
) -> None:
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patched:
        patched.setattr(likeness_stages, "_PAIRS_AT_ONCE", at_once)
        paths = [Path(place) / f"{number}.npy" for number in range(len(found) + len(known))]
        for path, some in zip(paths, [*found, *known], strict=True):
            np.save(path, packed(np.array(some, np.int64).reshape(-1, 2)))
        into = likeness_stages.gather(Path(place) / "pairs", paths[: len(found)], paths[len(found) :])
        gathered = unpacked(np.fromfile(into, np.uint64))
    expected = {pair for some in found for pair in some} - {pair for some in known for pair in some}
    assert [tuple(pair) for pair in gathered.tolist()] == sorted(expected)


@checked(200)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=40))
def test_components_are_what_links_lead_to(links: list[tuple[int, int]]) -> None:
    found = pairs(np.array([sorted(link) for link in links if link[0] != link[1]], np.int64).reshape(-1, 2))
    assert components(21, found).tolist() == labels(21, links)


def test_families_are_those_of_comparing_everything(tmp_path: Path) -> None:
    texts = corpus(11, 700)
    expected = by_hand(texts)
    assert len(expected) > 80
    assert found_in(tmp_path, [texts[:300], texts[300:310], [], texts[310:]]) == expected


def test_order_tasks_workers_and_batches_do_not_matter(tmp_path: Path) -> None:
    texts = corpus(12, 300)
    first = found_in(tmp_path / "0", [texts])
    assert len(first) > 30
    for number, (workers, batch, cuts) in enumerate([(1, 3, 2), (2, 64, 5), (2, 1, 3)], 1):
        Press(number).random.shuffle(texts)
        size = -(-len(texts) // cuts)
        tasks = [texts[start : start + size] for start in range(0, len(texts), size)]
        assert found_in(tmp_path / str(number), tasks, workers, batch) == first


def test_a_family_of_many_is_one_and_its_fringe_too(tmp_path: Path) -> None:
    press = Press(13)
    report = press.article(paragraphs=4)
    texts = [press.copy(report) for _ in range(150)]
    assert found_in(tmp_path, [texts]) == by_hand(texts)


def test_short_texts_are_near_only_with_the_same_letters(tmp_path: Path) -> None:
    one = "가" * 10 + "나다라마바사아자차카타파하" * 2
    assert len(one) == 36
    assert found_in(tmp_path / "a", [[one, one + "가", f"{one}.", one[1:]]]) == {}
    long = only_letters(Press(1).article())[:50]
    assert len(found_in(tmp_path / "b", [[long, long[:49] + "x"], [long[:49]]])) == 1


def test_no_text_at_all(tmp_path: Path) -> None:
    assert found_in(tmp_path / "a", [[]]) == {}
    assert found_in(tmp_path / "b", [["Short.", "Shorter."]]) == {}


def test_what_was_compared_once_is_not_compared_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = corpus(3, 60), corpus(4, 20)
    asked: list[int] = []

    def judged(job: likeness_stages.JudgeJob) -> Pairs:
        asked.append(job.end - job.start)
        return likeness_stages.judge_stage(job)

    monkeypatch.setattr(likeness, "judge_stage", judged)

    def families(name: str, texts: Sequence[str], threshold: Fraction = THRESHOLD) -> list[int]:
        asked.clear()
        folder = tmp_path / name
        folder.mkdir()
        kept = Judged(Cache(tmp_path / "cache"), hashlib.sha256(str(threshold).encode()).hexdigest(), folder / "judged")
        with LocalEngine() as engine:
            found = Likeness(engine, staged_texts(folder, [texts]), 1, folder / "likeness", threshold, kept)
            found.number()
            told: list[int] = found.families("all", found.texts).tolist()
        kept.keep()
        return told

    first = families("first", old)
    of_old = sum(asked)
    assert of_old > 0
    assert families("again", old) == first
    assert sum(asked) == 0
    grown = families("grown", [*old, *new])
    of_new = sum(asked)
    shutil.rmtree(tmp_path / "cache")
    assert families("afresh", [*old, *new]) == grown
    assert sum(asked) > of_new > 0
    # What differs is kept as something else, and what is damaged is not taken.
    families("stricter", [*old, *new], Fraction(99, 100))
    assert sum(asked) > 0
    families("kept", [*old, *new])
    assert sum(asked) == 0
    for path in (tmp_path / "cache").rglob("near"):
        path.write_bytes(bytes(1 - byte for byte in path.read_bytes()))
    assert families("damaged", [*old, *new]) == grown
    assert sum(asked) > of_new


def test_of_each_pair_it_is_recalled_what_came_of_it(tmp_path: Path) -> None:
    texts = corpus(3, 60)
    folder = tmp_path / "one"
    folder.mkdir()
    with LocalEngine() as engine:
        first = Likeness(engine, staged_texts(folder, [texts]), 1, folder / "likeness", THRESHOLD)
        first.number()
        index = first._index
        count = index.letters().size
        every = packed(np.array(list(combinations(range(count), 2))))
        asked = folder / "asked"
        asked.write_bytes(every.tobytes())
        near = packed(first._near(asked))
    assert 0 < near.size < every.size
    kept = Judged(Cache(tmp_path / "cache"), "0" * 64, folder / "judged")
    assert kept.recalled(index, asked, folder / "left").size == 0
    assert (folder / "left").read_bytes() == asked.read_bytes()
    odd = folder / "odd"
    odd.write_bytes(every[1::2].tobytes())
    for path in (odd, asked, odd):
        kept.note(index, path, near)
    kept.keep()
    again = Judged(Cache(tmp_path / "cache"), "0" * 64, folder / "again")
    assert np.array_equal(again.recalled(index, asked, folder / "left"), near)
    assert (folder / "left").read_bytes() == b""
    # A file that belongs to something else, however it came to be there, says nothing.
    (folder / "few").write_bytes(b"\1")
    (folder / "keys").write_bytes(bytes(128))
    Cache(tmp_path / "cache").keep("1" * 64, {"pairs": folder / "keys", "near": folder / "few"}, {})
    other = Judged(Cache(tmp_path / "cache"), "1" * 64, folder / "other")
    assert other.recalled(index, asked, folder / "left").size == 0
    assert (folder / "left").read_bytes() == asked.read_bytes()


def test_pairs_are_kept_for_one_threshold_and_one_state_of_the_code(tmp_path: Path) -> None:
    keys = {
        Shelf(Cache(tmp_path), tmp_path, code).judged_key(threshold)
        for code in ("one", "other")
        for threshold in (THRESHOLD, Fraction(99, 100))
    }
    assert len(keys) == 4


def test_of_more_pairs_than_are_kept_the_rest_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness_judged, "_MOST", 3)
    monkeypatch.setattr(likeness_judged, "_AT_ONCE", 2)
    texts = corpus(3, 60)
    found = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        kept = Judged(Cache(tmp_path / "cache"), "0" * 64, folder / "judged")
        with LocalEngine() as engine:
            likely = Likeness(engine, staged_texts(folder, [texts]), 1, folder / "likeness", THRESHOLD, kept)
            likely.number()
            found.append(likely.families("all", likely.texts).tolist())
        kept.keep()
    assert found[0] == found[1]
    assert (tmp_path / "cache" / ("0" * 64) / "near").stat().st_size == 3


@pytest.mark.soak
def test_twenty_thousand_articles_against_everything(tmp_path: Path) -> None:
    texts = corpus(2026, 20_000)
    unique = sorted({letters_digest(text): text for text in texts}.items())
    near = list(near_pairs([text for _, text in unique]))
    found = found_in(tmp_path, [texts[:7000], texts[7000:]], workers=2)
    family = {digest: found.get(digest, digest) for digest, _ in unique}
    together = [family[unique[one][0]] == family[unique[other][0]] for one, other in near]
    exact = labels(len(unique), near)
    right = sum(family[unique[n][0]] == unique[top][0] for n, top in enumerate(exact))
    print(f"{len(unique)} texts, {len(near)} pairs, recall {sum(together) / len(near):.6f}, families right {right}")
    assert sum(together) >= 0.99 * len(near)
    assert right >= 0.99 * len(unique)
    assert Fraction(right, len(unique)) == 1
