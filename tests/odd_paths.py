"""Names and places that lead out of a folder, mean a device, or that no system likes: our own, by category."""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

NAMES = (
    *(
        "../out",
        "../../out",
        "a/../../out",
        "..",
        ".",
        "./a",
        "a/./b",
        "a//b",
        "/out",
        "//out/b",
        "~",
        "~/out",
        "~root/out",
    ),
    *(
        "..\\out",
        "..\\..\\out",
        "C:\\out",
        "C:out",
        "\\\\server\\out",
        "\\out",
        "%2e%2e/out",
        "..%2fout",
        "..%5cout",
        "%00",
    ),
    *(
        "file:///out",
        "CON",
        "con.txt",
        "NUL",
        "AUX.md",
        "COM1",
        "LPT9.txt",
        "trailing ",
        "trailing.",
        " leading",
        "-rf",
        "--help",
    ),
    *(
        "a\0b",
        "a\nb",
        "a\r\nb",
        "a\tb",
        "\x1b[2J",
        "*",
        "?",
        "[a-z]",
        "{a,b}",
        "$HOME",
        "`id`",
        "$(id)",
        ";id",
        "|id",
        "<a>",
        '"',
    ),
    *(
        "'",
        "a:b",
        "a:stream",
        "é",
        "e\u0301",
        "ｏｕｔ",
        "\u202eout",
        "\u2025/out",
        "．．/out",
        "\ufeffout",
        "x" * 255,
        "가" * 85,
    ),
    *(
        "x" * 256,
        "y" * 5000,
        ".git/config",
        ".env",
        "...",
        "....//out",
        "out/../../../../../../../../out",
        "ÅÄÖ",
        "ſ",
        "İ",
    ),
)
"""As ids of records, and as names of files where a system takes them."""

GLOBS = (
    *("../**/*.txt", "../secret/*.txt", "/etc/*.conf", "/**", "~/*.txt", "pages/../../secret/*", "**/../../secret/*"),
    *(
        "pages/./*.txt",
        "pages//*.txt",
        ".",
        "..",
        "",
        "*" * 400,
        "?" * 200,
        "**/" * 60 + "*.txt",
        "[a-z]*.txt",
        "{a,b}.txt",
    ),
    *("file:///etc/passwd", "\\\\server\\*.txt", "..\\secret\\*", "pages/\0*.txt", "pages/\n*.txt", "%2e%2e/secret/*"),
)
"""As the files of an input."""

SLUGS = ("../out", "/out", "..", ".", "a/b", "~", "A", "con\0", "-rf", "a b", "a\nb", "x" * 65, "", "가", "a.b")
"""As names of a corpus, a line and a source, and as versions."""


def _link(to: Path) -> Callable[[Path], None]:
    return lambda place: place.symlink_to(to)


def _by_way_of(name: str, to: str | Path) -> Callable[[Path], None]:
    def make(place: Path) -> None:
        place.with_name(name).symlink_to(to)
        place.symlink_to(name)

    return make


def _unreadable(place: Path) -> None:
    place.write_bytes(b"words")
    place.chmod(0)


def _socket(place: Path) -> None:
    # A name of a socket may have a hundred characters.
    here = Path.cwd()
    os.chdir(place.parent)
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(place.name)
    finally:
        os.chdir(here)


def _device(place: Path) -> None:
    os.mknod(place, 0o644 | 0o020000, os.makedev(1, 5))


def _sparse(place: Path) -> None:
    place.touch()
    os.truncate(place, 1 << 40)


def specials(secret: Path, pages: Path) -> dict[str, Callable[[Path], None]]:
    """Return what makes something odd at a place below the pages, by its name.

    Args:
        secret: A folder outside, with `a.txt` in it.
        pages: The folder of pages, with `1.txt` in it.
    """
    return {
        "link-to-file": _link(secret / "a.txt"),
        "link-to-file-beside": _link(Path("..") / ".." / "secret" / "a.txt"),
        "link-to-folder": _link(secret),
        "link-to-root": _link(Path("/")),
        "link-to-itself": lambda place: place.symlink_to(place.name),
        "link-in-a-loop": _by_way_of("loop-of-links", "link-in-a-loop.txt"),
        "link-to-nothing": _link(Path("nowhere")),
        "link-to-a-link": _by_way_of("first-link", secret / "a.txt"),
        "link-to-environment": _link(Path("/proc/self/environ")),
        "link-to-memory": _link(Path("/proc/self/mem")),
        "link-to-descriptor": _link(Path("/proc/self/fd/0")),
        "link-to-root-of-process": _link(Path("/proc/self/root/etc/passwd")),
        "link-to-zeros": _link(Path("/dev/zero")),
        "link-to-terminal": _link(Path("/dev/tty")),
        "link-to-input": _link(Path("/dev/stdin")),
        "link-to-parent": _link(Path("..")),
        "link-within": _link(Path("1.txt")),
        "hard-link": lambda place: os.link(pages / "1.txt", place),
        "pipe": os.mkfifo,
        "socket": _socket,
        "device": _device,
        "sparse": _sparse,
        "folder": lambda place: place.mkdir(),
        "unreadable": _unreadable,
    }


def named_so(folder: Path, content: str) -> list[str]:
    """Write files with those names that this system takes, within the folder, and return those that are not hidden."""
    made = []
    for number, name in enumerate(NAMES):
        below = folder / f"n{number:02}"
        place = below / f"{name}.txt"
        if "\0" in name or "/" in name or name in (".", ".."):
            continue
        with suppress(OSError):
            below.mkdir(parents=True)
            place.write_text(content, encoding="utf-8")
            made += [place.relative_to(folder.parent).as_posix()] if name[:1] != "." else []
    raw = os.fsencode(folder) + b"/\xff\xfe.txt"
    with suppress(OSError), open(raw, "wb") as stream:  # noqa: PTH123 - a name that is no UTF-8
        stream.write(content.encode())
        made.append(f"{folder.name}/\ufffd\ufffd.txt")
    return made
