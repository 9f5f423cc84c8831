"""Which files an input means, and that nothing is opened that is no file of the corpus."""

import os
from pathlib import Path

import pytest

from pressmark.findings import RefusedInputError
from pressmark.intake.files import InputFile, find, marks_of, open_inside
from pressmark.intake.lines import stretches


def codes(folder: Path, *globs: str) -> dict[str, str]:
    return {file.shown: file.refused for file in find(folder, globs or ("**/*.txt",))}


def test_files_are_found_in_the_order_of_their_names_and_hidden_ones_are_not(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".c.txt", ".hidden/d.txt", "below/e.txt", "below/f.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = find(tmp_path, ("**/*.txt",))
    assert [(file.shown, file.size) for file in found] == [("a.txt", 5), ("b.txt", 5), ("below/e.txt", 11)]
    assert [file.shown for file in find(tmp_path, ("*.txt", "below/*"), ("b?txt",))] == [
        *("a.txt", "below/e.txt", "below/f.md")
    ]


def test_what_is_no_file_is_told_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "folder.txt" / "a.txt").write_text("a")
    (tmp_path / "lost.txt").symlink_to("nowhere.txt")
    (tmp_path / "round.txt").symlink_to("round.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert codes(tmp_path) == {
        "folder.txt": "not-a-file",
        "folder.txt/a.txt": "",
        "lost.txt": "not-a-file",
        "round.txt": "not-a-file",
        "pipe.txt": "not-a-file",
    }
    for file in find(tmp_path, ("*.txt",)):
        with pytest.raises(RefusedInputError, match="not-a-file"):
            open_inside(tmp_path, file)


def refusal_of(folder: Path, path: str) -> RefusedInputError:
    with pytest.raises(RefusedInputError) as refused:
        open_inside(folder, InputFile(path, path, 1))
    return refused.value


def test_what_became_of_a_file_meanwhile_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("a")
    (folder / "out.txt").symlink_to("../secret.txt")
    (folder / "in.txt").write_text("a")
    (folder / "link.txt").symlink_to("in.txt")
    os.mkfifo(folder / "pipe.txt")
    assert refusal_of(folder, "gone.txt").code == "missing-file"
    assert refusal_of(folder, "out.txt").code == "outside-corpus"
    assert refusal_of(folder, "../secret.txt").code == "outside-corpus"
    # A pipe that nobody writes to holds nothing up.
    assert refusal_of(folder, "pipe.txt").code == "not-a-file"
    assert refusal_of(folder, ".").code == "not-a-file"
    for path in ("in.txt/a.txt", f"{'x' * 300}.txt"):
        error = refusal_of(folder, path)
        assert error.code == "unreadable-file"
        assert error.detail.startswith("the system says: ")
    with open_inside(folder, InputFile("link.txt", "link.txt", 1)) as stream:
        assert stream.read() == b"a"


def test_a_file_that_changed_has_another_mark(tmp_path: Path) -> None:
    file, gone = InputFile("a.txt", "a.txt", 1), InputFile("b.txt", "b.txt", 1)
    (tmp_path / "a.txt").write_text("a")
    before = marks_of(tmp_path, [file, gone])
    assert before[1] == ()
    assert marks_of(tmp_path, [file, gone]) == before
    (tmp_path / "a.txt").write_text("ab")
    assert marks_of(tmp_path, [file])[0] != before[0]
    (tmp_path / "a.txt").unlink()
    assert marks_of(tmp_path, [file]) == [()]


def cut(folder: Path, name: str, data: bytes, encoding: str = "auto", size: int = 100) -> list[bytes]:
    """Return the stretches of a file, each of which has to begin with the line that it says."""
    (folder / name).write_bytes(data)
    found = stretches(folder, InputFile(name, name, len(data)), encoding, size)
    for start, _, line in found:
        assert data.count(b"\n", 0, start) == line - 1
    return [data[start:end] for start, end, _ in found]


def test_a_file_of_records_is_cut_between_lines_and_nothing_is_lost(tmp_path: Path) -> None:
    data = b"".join(b'{"id": %d}\n' % number for number in range(400_000))
    parts = cut(tmp_path, "a.jsonl", data, size=1 << 20)
    assert len(parts) > 3
    assert b"".join(parts) == data
    assert all(part.endswith(b"\n") and len(part) >= 1 << 20 for part in parts[:-1])
    assert cut(tmp_path, "b.jsonl", b"x" * 1000) == [b"x" * 1000]
    long = b"x" * (3 << 20) + b"\n"
    assert cut(tmp_path, "c.jsonl", long + data)[0] == long
    assert b"".join(cut(tmp_path, "d.jsonl", long)) == long


def test_what_cannot_be_cut_is_read_as_one(tmp_path: Path) -> None:
    data = b'{"id": 1}\n' * 100
    assert cut(tmp_path, "a.jsonl.gz", data) == [data]
    assert cut(tmp_path, "b.jsonl", data, "utf-16") == [data]
    wide = data.decode().encode("utf-16")
    assert cut(tmp_path, "c.jsonl", wide) == [wide]
    gone = InputFile("gone.jsonl", "gone.jsonl", 10)
    assert stretches(tmp_path, gone, "auto", 100) == [(0, None, 1)]
