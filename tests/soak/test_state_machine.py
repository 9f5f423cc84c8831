"""A corpus that lives: records come, change and go, rights change, builds are killed, versions are published.

Whatever happens in whatever order, what is released is what a small model says, and every release adds up. A failure
prints its seed and the steps that lead to it; `PRESSMARK_SOAK_SEED` begins with another one.
"""

import io
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hub_cases import REPO, WAITS, states_that_must_not_be
from hub_client import patient_client
from pressmark import PressmarkError, RemoteError, UsageError, build, publish, verify
from pressmark.hub.local.faults import KINDS, Fault
from pressmark.hub.local.server import serving
from pressmark.hub.ready import make_ready
from pressmark.withdraw import plan_withdrawal, record_withdrawal
from release_model import LINES, PUBLIC, Record, RefusedError, Release, Version, World, raised, words
from soak_figures import FIGURES, figures
from soak_record import Soak, beginning, minutes
from support import JOURNAL, RECIPE
from version_cases import PAGES

FIRST_DAY = date(2026, 1, 1)
STEPS, EACH = 50, 5
"""Steps of a life, and lives with one seed."""

IDS = [*(f"journal:j{number}" for number in range(8)), *(f"gazette:g{number}" for number in range(4))]
GAZETTE = JOURNAL.partition("[[rights")[0].replace("The Journal", "The Gazette")
DECISION = """
[[decisions]]
status = "{status}"
basis = "The desk looked again."
decided_by = "rights desk"
decided_on = 2025-06-01
evidence = [{{ kind = "manual", scope = "text", where = "register" }}]
scope = {{ ids = {ids} }}
"""
REFUSALS = {
    "nothing": "no input is an article",
    "vanished": "records that .* had are gone",
    "small": "is less than what changed",
    "hidden": "nothing may be mentioned",
}
_DURABLE = ("fsync", "rename", "replace", "link", "mkdir", "unlink", "rmdir")


class KilledError(BaseException):
    """The process is no more."""


@contextmanager
def killed_at(step: int) -> Iterator[list[str]]:
    """Let nothing reach the disk from the given step on, as if the process had been killed there.

    It is given the steps that were reached.
    """
    reached: list[str] = []

    def mortal(name: str, does: Callable[..., Any]) -> Callable[..., Any]:
        def act(*arguments: Any, **options: Any) -> Any:
            mode = options.get("mode") or (arguments[1] if len(arguments) > 1 else "r")
            if name != "open" or set(str(mode)) & set("wxa+"):
                reached.append(name)
                if len(reached) >= step:
                    raise KilledError
            return does(*arguments, **options)

        return act

    with pytest.MonkeyPatch.context() as patch:
        for name in _DURABLE:
            patch.setattr(os, name, mortal(name, getattr(os, name)))
        patch.setattr(io, "open", mortal("open", io.open))
        yield reached


def shown(version: Version) -> str:
    return ".".join(map(str, version))


def day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)


def digests(folder: Path) -> str:
    return (folder / "SHA256SUMS").read_text(encoding="utf-8")


class Corpora(RuleBasedStateMachine):
    """A corpus, its releases, a Hub, and the model of all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.texts = 0
        self.sums: dict[Path, str] = {}
        self.places: dict[str, tuple[str, str]] = {}
        self.published: list[str] = []
        self.stack = ExitStack()
        self.base = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="pressmark-state-")))
        self.corpus, self.out, self.work = (self.base / name for name in ("corpus", "dist", "work"))
        (self.corpus / "rights").mkdir(parents=True)
        self.write("corpus.toml", RECIPE.replace(PAGES, "").replace(*INPUTS))
        self.write("sources/journal.toml", JOURNAL)
        self.write("sources/gazette.toml", GAZETTE)
        self.hub = self.stack.enter_context(serving(self.base / "hub"))
        self.stack.enter_context(patient_client(xet=False))

    def teardown(self) -> None:
        self.stack.close()

    def write(self, path: str, text: str) -> None:
        place = self.corpus / path
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def folder(self, line: str, version: Version | str) -> Path:
        return self.out / "small" / line / (version if isinstance(version, str) else shown(version))

    def lay_inputs(self) -> None:
        """Write the inputs and decisions as the model has them."""
        for source in ("journal", "gazette"):
            lines = ["{not a record"] * self.world.broken
            for each in self.world.inputs.values():
                if each.source == source:
                    record = {
                        "id": each.id.partition(":")[2],
                        "title": f"Title {each.title}",
                        "published_on": each.day,
                        "text": words(each.text),
                    }
                    until = {} if each.embargo is None else {"rights": {"embargoed_until": str(day(each.embargo))}}
                    lines.append(json.dumps({**record, **until}))
            self.write(f"{source}/a.jsonl", "".join(f"{line}\n" for line in lines))
        for name, status, ids in (
            ("closed", "all_rights_reserved", self.world.closed),
            ("opened", "public_domain", self.world.opened),
        ):
            path = self.corpus / "rights" / f"{name}.toml"
            path.unlink(missing_ok=True)
            if ids:
                self.write(f"rights/{name}.toml", DECISION.format(status=status, ids=json.dumps(sorted(ids))))

    def new_text(self) -> int:
        self.texts += 1
        return self.texts

    def build(self, version: Version | None, *, drop: bool, **options: Any) -> Any:
        chosen: dict[str, Any] = {"out": self.out, "work": self.work, **options}
        asked = "auto" if version is None else shown(version)
        return build(self.corpus, asked, as_of=day(self.world.today), drop_vanished=drop, **chosen)

    # What people do with a corpus.

    @initialize()
    def begin(self) -> None:
        for identity in IDS[::2]:
            self.add(identity=identity, embargo=None)

    @rule(identity=st.sampled_from(IDS), embargo=st.none() | st.none() | st.integers(1, 4))
    def add(self, identity: str, embargo: int | None) -> None:
        until = None if embargo is None else self.world.today + embargo
        self.world.inputs.setdefault(identity, Record(identity, self.new_text(), embargo=until))

    @rule(identity=st.sampled_from(IDS), other=st.integers(0, 10**6))
    def copy(self, identity: str, other: int) -> None:
        """Let an article, new or not, have the text of another one."""
        if there := sorted(self.world.inputs):
            old = self.world.inputs.get(identity, Record(identity, 0))
            text = self.world.inputs[there[other % len(there)]].text
            self.world.inputs[identity] = Record(identity, text, old.title, old.embargo)

    @rule(which=st.integers(0, 10**6), text=st.booleans())
    def change(self, *, which: int, text: bool) -> None:
        if there := sorted(self.world.inputs):
            old = self.world.inputs[there[which % len(there)]]
            changed = (self.new_text(), old.title) if text else (old.text, old.title + 1)
            self.world.inputs[old.id] = Record(old.id, *changed, old.embargo)

    @rule(which=st.integers(0, 10**6))
    def remove(self, which: int) -> None:
        if there := sorted(self.world.inputs):
            del self.world.inputs[there[which % len(there)]]

    @rule(identity=st.sampled_from(IDS))
    def decide(self, identity: str) -> None:
        those = self.world.closed if identity.startswith("journal") else self.world.opened
        those ^= {identity}

    @rule(count=st.integers(1, 2))
    def break_inputs(self, count: int) -> None:
        self.world.broken = count

    @rule(days=st.integers(1, 3))
    def wait(self, days: int) -> None:
        self.world.today += days

    @rule(identity=st.sampled_from(IDS), sure=st.sampled_from([False, False, True]))
    def withdraw(self, *, identity: str, sure: bool) -> None:
        if not sure:
            return
        self.lay_inputs()
        rows = [row for found in self.world.released.values() for each in found for row in each.rows.values()]
        known = [*self.world.inputs.values(), *(row.record for row in rows)]
        texts = {each.text for each in known if each.id == identity}
        chosen: dict[str, Any] = {
            "reason": "rights_claim",
            "ref": "case 1",
            "on": day(self.world.today),
            "out": self.out,
        }
        if not texts or {identity, *texts} & self.world.barred:
            with pytest.raises(UsageError, match="are of no article" if not texts else "withdrawn already"):
                plan_withdrawal(self.corpus, [identity], **chosen)
            return
        record_withdrawal(plan_withdrawal(self.corpus, [identity], **chosen))
        self.world.withdraw(identity)

    # Builds, killed ones too.

    @rule(size=st.sampled_from([0, 0, 0, 1, 2, 3]), drop=st.booleans(), cache=st.sampled_from([True, True, False]))
    def build_next(self, *, size: int, drop: bool, cache: bool) -> None:
        newest = self.world.newest()
        wanted = raised(newest or (0, 9, 9), size) if size else None
        self.lay_inputs()
        try:
            expected = self.world.built(wanted, drop=drop)
        except RefusedError as refused:
            with pytest.raises(PressmarkError, match=REFUSALS[str(refused)]):
                self.build(wanted, drop=drop, cache=cache)
            return
        result = self.build(wanted, drop=drop, cache=cache)
        if expected is None:
            assert all(line.unchanged for line in result.lines.values())
            return
        self.check_ledger(result.ledger, expected)
        for line in LINES:
            assert result.lines[line].folder == self.folder(line, expected[line].version)
            self.take(line, expected[line])

    @rule(step=st.integers(1, 650), drop=st.booleans(), resumed=st.booleans())
    def build_killed(self, *, step: int, drop: bool, resumed: bool) -> None:
        newest = self.world.newest()
        wanted = raised(newest, 3) if newest else (1, 0, 0)
        try:
            expected = self.world.built(wanted, drop=drop)
        except RefusedError:
            return
        assert expected is not None
        self.lay_inputs()
        other = self.base / "uninterrupted"
        shutil.copytree(self.out, other / "dist") if resumed and self.out.exists() else None
        self.lay_inputs()
        with killed_at(step) as reached:
            try:
                self.build(wanted, drop=drop)
            except KilledError:
                assert len(reached) >= step
        if resumed:
            self.build(wanted, drop=drop)
            self.build(wanted, drop=drop, out=other / "dist", work=other / "work")
            for line in LINES:
                same = other / "dist" / "small" / line / shown(wanted)
                assert digests(self.folder(line, wanted)) == digests(same)
            shutil.rmtree(other)
        for line in LINES:
            if self.folder(line, wanted).exists():
                self.take(line, expected[line])
            else:
                assert not resumed

    # What is done with releases.

    @precondition(lambda self: self.world.released[PUBLIC])
    @rule(fault=st.none() | st.sampled_from(KINDS), skip=st.integers(0, 12))
    def publish_next(self, fault: str | None, skip: int) -> None:
        versions = [shown(each.version) for each in self.world.released[PUBLIC]]
        if len(self.published) == len(versions):
            return
        version = versions[len(self.published)]
        release = self.folder(PUBLIC, version)
        chosen: dict[str, Any] = {
            "today": day(self.world.today),
            "endpoint": self.hub.endpoint,
            "token": self.hub.token(),
        }
        if fault:
            self.hub.faults.plan(Fault(fault, skip=skip, times=1))
            with suppress(RemoteError):
                publish(release, REPO, work=self.work, waits=WAITS[:1], **chosen)
            self.hub.faults.plan()
            self.check_hub(versions[: len(self.published) + 1])
        made = publish(release, REPO, work=self.work, waits=WAITS, **chosen)
        assert made.tag == f"v{version}"
        self.published.append(version)
        self.check_hub(self.published)

    @precondition(lambda self: self.world.released[PUBLIC])
    @rule(which=st.integers(0, 10**6), place=st.integers(0, 10**6), gone=st.booleans())
    def somebody_changes_a_copy(self, *, which: int, place: int, gone: bool) -> None:
        copy = self.base / "copy"
        shutil.copytree(self.folder(PUBLIC, self.world.released[PUBLIC][-1].version), copy)
        files = sorted(path for path in copy.rglob("*") if path.is_file())
        path = files[which % len(files)]
        data = bytearray(path.read_bytes())
        if gone or not data:
            path.unlink()
        else:
            data[place % len(data)] ^= 1 << place % 8
            path.write_bytes(data)
        assert verify(copy), f"{path.relative_to(copy)}, byte {place % max(1, len(data))}: nobody saw it"
        shutil.rmtree(copy)

    # What has to hold.

    def check_hub(self, versions: list[str]) -> None:
        ready = [make_ready(self.folder(PUBLIC, each), REPO, None, FIRST_DAY, searched=False) for each in versions]
        assert states_that_must_not_be(self.hub, *ready) == []

    def check_ledger(self, path: Path, expected: dict[str, Release]) -> None:
        ledger = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert len(ledger) == self.world.size
        for line in LINES:
            became = {
                each["id"]: each["became"][line] for each in ledger if each["became"][line]["class"] != "rejected"
            }
            told = {name: found.get("code", "") or _coded(found["class"]) for name, found in became.items()}
            assert told == expected[line].became

    def take(self, line: str, expected: Release) -> None:
        """Hold a new release against what it has to be, and remember it."""
        folder = self.folder(line, expected.version)
        assert verify(folder) == []
        rows = dict(_rows_in(folder))
        assert {name: row["config"] for name, row in rows.items()} == {
            name: row.config for name, row in expected.rows.items()
        }
        for name, row in rows.items():
            stated = expected.rows[name]
            assert row["added_in"] == stated.added
            assert row.get("withheld_because", "") == stated.because
            assert row.get("text", words(stated.record.text)) == words(stated.record.text)
            # Stable splits; a group is in one split.
            assert self.places.setdefault(name, (row["split"], row["group_id"])) == (row["split"], row["group_id"])
        assert len({(row["group_id"], row["split"]) for row in rows.values()}) == len(
            {r["group_id"] for r in rows.values()}
        )
        self.check_counts(folder, line, expected)
        self.check_closed(folder, line, expected)
        self.sums[folder] = digests(folder)
        self.world.released[line].append(expected)

    def check_counts(self, folder: Path, line: str, expected: Release) -> None:
        counts = json.loads((folder / "manifest.json").read_bytes())["counts"]
        inputs = counts.pop("inputs")
        assert inputs == self.world.size
        assert inputs == sum(value for name, value in counts.items() if name != "by_code")
        assert counts["withdrawn"] == list(expected.became.values()).count("withdrawn")
        path = folder / "rights" / "tombstones.jsonl"
        stones = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        assert {json.loads(stone)["id"] for stone in stones} == self.world.told(line)

    def check_closed(self, folder: Path, line: str, expected: Release) -> None:
        """Look for every text that may not be there, wherever it might stand."""
        open_ = {row.record.text for row in expected.rows.values() if row.config == "articles"}
        closed = [words(number).encode()[:60] for number in range(1, self.texts + 1) if number not in open_]
        for path in folder.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                if path.suffix == ".parquet":
                    data += json.dumps(pq.read_table(path, partitioning=None).to_pylist(), default=str).encode()
                assert not [text for text in closed if text in data], f"{line}: {path.name}"

    @invariant()
    def what_is_released_stays_as_it_is(self) -> None:
        for folder, sums in self.sums.items():
            assert digests(folder) == sums

    @invariant()
    def nothing_else_is_called_a_release(self) -> None:
        for line in LINES:
            there = {path.name for path in self.folder(line, "x").parent.glob("[0-9]*")}
            assert there == {shown(each.version) for each in self.world.released[line]}


def _coded(name: str) -> str:
    return "" if name == "published" else name


def _rows_in(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in folder.rglob("*.parquet"):
        config, split = path.relative_to(folder).parts[:2]
        for row in pq.read_table(path, partitioning=None).to_pylist():
            yield row["id"], {**row, "config": {"data": "articles"}.get(config, config), "split": split}


INPUTS = (
    '[[input]]\nfiles = "records/**/*.jsonl"\nformat = "jsonl"\nsource = "journal"\n',
    "".join(
        f'[[input]]\nfiles = "{name}/*.jsonl"\nformat = "jsonl"\nsource = "{name}"\n\n'
        for name in ("journal", "gazette")
    ),
)


def lived(examples: int, steps: int, beginning: int) -> None:
    """Let some corpora live."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(beginning)(type("Seeded", (Corpora,), {})), settings=chosen)


def test_a_corpus_is_what_a_model_says_whatever_happens_to_it() -> None:
    lived(3, 12, 1)


@pytest.mark.soak
def test_five_hundred_corpora_are_what_a_model_says(record_property: Callable[[str, object], None]) -> None:
    """Go on from the seed that the last run came to; one that fails is printed, and is run first the next time."""
    kept = Soak("state-machine", f"lives of {STEPS} steps", 500, beginning()).taken_up()
    start = time.monotonic()
    record_property(FIGURES, figures("lives", seed=kept.seed, done=kept.done))
    while kept.done < kept.planned and time.monotonic() - start < 60 * minutes():
        number = kept.seed + kept.done // EACH
        print(f"seed {number}")
        since = time.monotonic()
        try:
            lived(EACH, STEPS, number)
        except BaseException:
            kept.failed += 1
            kept.keep()
            command = f"PRESSMARK_SOAK_SEED={number} pytest -m soak tests/soak/test_state_machine.py"
            record_property(FIGURES, figures("lives", seed=kept.seed, done=kept.done, faults=[command]))
            raise
        kept.done += EACH
        kept.seconds += time.monotonic() - since
        kept.keep()
        record_property(FIGURES, figures("lives", seed=kept.seed, done=kept.done))
