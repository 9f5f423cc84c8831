"""What a build says where the system refuses something, as a full disk does."""

import errno
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from pressmark import building, in_place, verify
from pressmark.cli import main
from pressmark.errors import SystemRefusedError
from pressmark.press.folder import put_in_place
from support import Corpus


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("what", "there"), [("link_unchanged", []), ("write_ledger", ["open", "vault"]), ("second", ["open"])]
)
def test_at_the_end_it_is_said_which_releases_are_there(
    what: str, there: list[str], corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.build()
    corpus.records({}, {})

    def second(unfinished: Path, final: Path) -> None:
        (full if final.parent.name == "vault" else put_in_place)(unfinished, final)

    with monkeypatch.context() as patch:
        if what == "second":
            patch.setattr(in_place, "put_in_place", second)
        else:
            patch.setattr(building if what == "write_ledger" else in_place, what, full)
        with pytest.raises(SystemRefusedError, match=re.escape("No space left on device (free: ")) as caught:
            corpus.build("1.1.0")
    places = [str(corpus.out / "small" / name / "1.1.0") for name in there]
    assert [path for path in places if not Path(path).is_dir()] == []
    assert caught.value.advice.startswith(f"{', '.join(places) or 'nothing'} {'is in place' if places else 'was rel'}")
    corpus.build("1.1.0")
    assert all(verify(corpus.out / "small" / name / "1.1.0") == [] for name in ("open", "vault"))


def test_what_is_left_is_said_where_space_ran_out_in_a_file_without_a_name(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "curate", full)
    arguments = [
        "build",
        str(corpus.folder),
        "--version",
        "1.0.0",
        "--out",
        str(corpus.out),
        "--work",
        str(corpus.work),
    ]
    done = CliRunner().invoke(main, arguments)
    said = " ".join(done.stderr.split())
    assert done.exit_code == 2
    assert re.search(r"No space left on device \(free: [0-9,]+ bytes in .*, [0-9,]+ bytes in ", said)
    assert "nothing was released" in said
