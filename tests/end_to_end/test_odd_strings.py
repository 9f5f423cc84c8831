"""Strings that break things elsewhere come out of `load_dataset` as they went in, by the text rules."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from pressmark.intake import clean
from support import Corpus

ODD = [
    *(
        "undefined",
        "null",
        "NULL",
        "None",
        "nil",
        "true",
        "false",
        "NaN",
        "Infinity",
        "-0",
        "1E2",
        "0x0",
        "1/0",
        "0,00",
    ),
    *(
        "1_000",
        "01",
        "١٢٣",
        "½",
        "Ⅷ",
        "①",
        "\\",
        "\\\\",
        "\\n",
        "\\u0041",
        "%00",
        "%s%d%n",
        "{0}",
        "${HOME}",
        "$(id)",
        "`id`",
    ),
    *(
        "'",
        '"',
        "''''",
        '"quoted"',
        "a,b;c\td",
        "<b>bold</b>",
        "<script>alert(1)</script>",
        "&amp;",
        "&#0;",
        "]]>",
        "<!--",
    ),
    *(
        "-- drop",
        "' OR 1=1 --",
        "=1+1",
        "+1",
        "@SUM(A1)",
        "|id",
        "../../etc/passwd",
        "C:\\con",
        "file:///x",
        "http://a/?b=c#d",
    ),
    *(
        "田中さん",
        "社會科學院語學研究所",
        "뎌쇼",
        "찦차를",
        "𠜎𠜱𠝹𠱓",
        "ﾊﾝｶｸ",
        "Ｆｕｌｌ",
        "表ポあA鷗",
        "豈更車",
        "가나다",
        "\u1100\u1161\u11a8",
    ),
    *(
        "مرحبا بالعالم",
        "שלום",
        "\u202etxet lanoitcerid\u202c",
        "a\u200bb",
        "a\u200db",
        "\u2060",
        "x\u0301\u0323",
        "Å",
        "A\u030a",
        "ﬁ",
    ),
    *("👩🏽", "👨‍👩‍👧‍👦", "🇰🇷🇨🇳", "❤️", "1️⃣", "\U000e0001", "\U0010fffd", "\ufdd0", "\uffff", "İıſß", "ᾲ", "ŁØĐ"),
    *(
        "---",
        "- a\n- b",
        "key: value",
        "yes",
        "no",
        "~",
        "!!python/object",
        "&a *a",
        "# x",
        "| a | b |",
        "**b**",
        "[x](y)",
        "\u3000x",
    ),
    *(
        "\u2028",
        "a\u2028b",
        "a\u0085b",
        "a\u00a0b",
        "a\u2002b",
        "x" * 900,
        "é" * 900,
        "Ω≈ç√∫˜µ≤≥÷",
        "͡° ͜ʖ ͡°",
        "(╯°□°）╯︵ ┻━┻",
    ),
]

LOAD = """
import json, sys
from datasets import load_dataset
splits = load_dataset(sys.argv[1], "articles").values()
print(json.dumps({row["id"]: [row["title"], row["text"]] for rows in splits for row in rows}))
"""


def round_trip(corpus: Corpus, strings: list[str], home: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Build records that have strings in title and text; return what `load_dataset` gives, and the codes of inputs."""
    corpus.records(*({"title": each, "text": f"{number}: {each}"} for number, each in enumerate(strings)))
    folder = corpus.build().lines["open"].folder
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(folder)],
        env={"HF_HOME": str(home), "HF_DATASETS_OFFLINE": "1", "PATH": "", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), corpus.codes()


def expected(string: str) -> str:
    return str(clean.fields(string, Counter()))


def test_odd_strings_come_out_as_they_went_in(corpus: Corpus, tmp_path: Path) -> None:
    loaded, codes = round_trip(corpus, ODD, tmp_path / "home")
    refused = 0
    for number, string in enumerate(ODD):
        identity = f"journal:r{number + 1}"
        if identity in loaded:
            text = clean.paragraphs(f"{number}: {string}", Counter(), by_line=False)
            assert loaded[identity] == [expected(string) or None, text], ascii(string)
        else:
            # Nothing is dropped without a code.
            assert codes[f"records/a.jsonl:{number + 1}"] in ("control-character", "invalid-record"), ascii(string)
            refused += 1
    assert refused < len(ODD) / 8
