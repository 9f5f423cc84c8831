"""JSON means what its standard says: the cases of JSONTestSuite, and bytes that its cases cannot carry.

What is JSON is read, but for a key that is there twice: of that nobody knows which value was meant.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from pressmark.findings import CATALOGUE, RefusedInputError
from pressmark.intake.files import find
from pressmark.intake.json_entries import entries
from pressmark.intake.read import read
from pressmark.intake.strict_json import read_object
from pressmark.intake.task import ReadTask
from pressmark.recipe import Input
from pressmark.sources import Source, source_from

SUITE = Path(__file__).resolve().parents[1] / "json_suite" / "cases.json"
CASES = {
    case["name"]: (case["input"] if "input" in case else case["unit"] * case["times"]).encode("utf-8", "surrogatepass")
    for case in json.loads(SUITE.read_text(encoding="utf-8"))
}
TWICE = {"y_object_duplicated_key", "y_object_duplicated_key_and_value"}
BYTES = {
    "a byte of no character": b'"\xff"',
    "a character cut short": b'"\xe2\x82"',
    "a longer way to write a slash": b'"\xc0\xaf"',
    "a surrogate in UTF-8": b'"\xed\xa0\x80"',
    "half of an escaped pair": b'"\\ud800"',
    "the other half": b'"\\udc00x"',
    "beyond Unicode": b'"\xf4\x90\x80\x80"',
}


def became(data: bytes) -> str:
    """Return the code with which a line is refused, or nothing where it is read."""
    try:
        read_object(data)
    except RefusedInputError as error:
        return error.code if error.code in CATALOGUE else "no code"
    return ""


def of(kind: str) -> list[str]:
    return [name for name in CASES if name.startswith(kind)]


def test_the_suite_is_whole() -> None:
    assert [len(of(kind)) for kind in ("y_", "n_", "i_")] == [95, 188, 35]


@pytest.mark.parametrize("name", of("y_"))
def test_what_is_json_is_read(name: str) -> None:
    found = became(b'{"v":' + CASES[name] + b"}")
    assert found == ("duplicate-key" if name in TWICE else "")
    if not found:
        assert read_object(b'{"v":' + CASES[name] + b"}") == {"v": json.loads(CASES[name])}


@pytest.mark.parametrize("name", of("n_"))
def test_what_is_no_json_is_refused(name: str) -> None:
    assert became(CASES[name]) in ("bad-json", "inexact-number")
    assert became(b'{"v":' + CASES[name] + b"}") in ("bad-json", "inexact-number")


@pytest.mark.parametrize("name", of("i_"))
def test_what_may_be_either_is_read_exactly_or_refused(name: str) -> None:
    data = b'{"v":' + CASES[name] + b"}"
    if not became(data):
        assert json.loads(json.dumps(read_object(data))) == json.loads(data)


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_text_are_refused(name: str) -> None:
    assert became(b'{"v":' + BYTES[name] + b"}") == "bad-json"


def test_every_line_of_a_file_is_accounted_for(tmp_path: Path) -> None:
    names = [name for name, data in CASES.items() if b"\n" not in data and data.strip()]
    written = []
    for number, name in enumerate(names):
        written += [CASES[name], b'{"id":"r%d","text":"Fine."}' % number]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(written))
    found = {reading.line: reading for reading in read(task(tmp_path))}
    assert len(found) == len(written)
    for number, name in enumerate(names):
        bad, good = found[2 * number + 1], found[2 * number + 2]
        # Values that are no objects, and objects that are no records, are no articles either.
        assert bad.rejection is not None, name
        assert bad.rejection.code in CATALOGUE
        assert good.article is not None


def task(folder: Path) -> ReadTask:
    said: dict[str, Any] = {"title": "J", "publisher": "J", "language": "en"}
    source = source_from("journal", said)
    assert isinstance(source, Source)
    return ReadTask(0, folder, Input("*.jsonl", "jsonl", "journal"), source, tuple(find(folder, ["*.jsonl"])), 10**6)


@pytest.mark.parametrize("name", of("n_"))
def test_no_entry_of_an_array_is_read_out_of_what_is_no_json(name: str) -> None:
    data = b"[" + CASES[name] + b"]"
    codes = set()
    try:
        for each in entries(iter([data]), 10**6):
            codes |= {each.refusal.code if each.refusal else became(each.data)}
    except RefusedInputError as error:
        codes.add(error.code)
    assert codes & {"bad-json", "inexact-number"} or name in SEVERAL


SEVERAL = {name for name in CASES if name.startswith("n_") and CASES[name].strip() == b""}
"""Between brackets they are an array of nothing."""
