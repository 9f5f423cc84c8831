"""The same articles in many encodings, labelled rightly, not at all, and wrongly, and cut within a character."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pytest

from pressmark.findings import RefusedInputError
from pressmark.intake.html_parse import characters
from soak_figures import FIGURES, figures

Told = Callable[[str, object], None]
EACH = 50
"""Articles of a language."""

UTF = ("utf-8-sig", "utf-16-le", "utf-16-be")
WORDS = {
    "ko": [
        "어제",
        "항구에서",
        "시장은",
        "다리를",
        "건너는",
        "사람들에게",
        "말했다",
        "겨울에도",
        "배가",
        "떠난다고",
        "한다",
        "뷁",
    ],
    "zh": ["昨天", "港口", "市长", "说", "大桥", "冬天", "人们", "渡船", "离开", "会议", "明年", "修建", "学校", "镇"],
    "zh-Hant": ["昨天", "港口", "市長", "說", "大橋", "冬天", "人們", "渡船", "離開", "會議", "明年", "學校", "鎮"],
    "ja": ["昨日", "港で", "市長は", "橋を", "渡る", "人々に", "話した", "冬でも", "船が", "出ると", "いう", "カフェ"],
    "ru": ["вчера", "в", "порту", "мэр", "сказал", "людям", "что", "мост", "зимой", "откроют", "для", "паромов"],
    "fr": [
        "hier",
        "à",
        "midi",
        "le",
        "maire",
        "a",
        "dit",
        "près",
        "du",
        "port",
        "où",
        "l’été",
        "fenêtre",
        "cœur",
        "reçu",
    ],
}
ENCODINGS = {
    "ko": ("cp949", "gb18030"),
    "zh": ("gb18030", "gbk", "gb2312", "big5"),
    "zh-Hant": ("big5", "gb18030"),
    "ja": ("shift_jis", "euc-jp", "iso-2022-jp"),
    "ru": ("koi8-r", "windows-1251", "iso-8859-5"),
    "fr": ("windows-1252",),
}
LABELS = ("right", "missing", "wrong", "cut")
OTHERS = ("utf-8", "gb2312", "euc-kr", "shift_jis", "big5", "windows-1252", "koi8-r", "euc-jp")


def texts(language: str) -> list[str]:
    chance = random.Random(f"press/{language}")  # noqa: S311 - a seed, no secret
    between = "" if language.startswith(("zh", "ja")) else " "
    return [between.join(chance.choices(WORDS[language], k=chance.randint(60, 120))) for _ in range(EACH)]


def cases() -> Iterator[tuple[str, str]]:
    """Yield every text that an encoding has characters for, with the encoding."""
    for language, encodings in ENCODINGS.items():
        for encoding in (*encodings, *UTF):
            for text in texts(language):
                try:
                    text.encode(encoding)
                except UnicodeEncodeError:
                    continue
                yield text, encoding


def page(text: str, encoding: str, label: str | None) -> bytes:
    meta = f'<meta charset="{label}">' if label else ""
    whole = f"<html><head>{meta}<title>A page</title></head><body><p>{text}</p></body></html>"
    # UTF-16 is told by its mark, as pages in it have one.
    return ("\ufeff" + whole if encoding.startswith("utf-16") else whole).encode(encoding)


def became(data: bytes) -> str | None:
    """Return the text of a page, or None where it is refused."""
    try:
        found = characters(data, "auto", {})
    except RefusedInputError:
        return None
    return found.partition("<p>")[2].partition("</p>")[0]


def outcome(text: str, encoding: str, label: str) -> str:
    """Return what becomes of an article: right, refused, or other characters."""
    wrong = [each for each in OTHERS if each not in (encoding, encoding.replace("cp949", "euc-kr"))]
    named = {"missing": None, "wrong": wrong[len(text) % len(wrong)]}.get(label, encoding)
    data = page(text, encoding, named)
    if label == "cut":
        # Of the last character beyond ASCII one byte stays.
        plain = encoding.removesuffix("-sig")
        last = next((each for each in reversed(text) if len(each.encode(plain)) > 1), text[-1])
        data = data[: data.rindex(last.encode(plain)) + 1]
        found = became(data)
        return "refused" if found is None else "right" if text.startswith(found) else "other"
    found = became(data)
    if found is not None and "\ufffd" in found:
        return "damaged"
    return "refused" if found is None else "right" if found == text else "other"


def counted(label: str, some: Sequence[tuple[str, str]]) -> tuple[Counter[str], list[str]]:
    """Read articles with a label, and return what came of them and what is wrong."""
    seen, faults = Counter[str](), Counter[str]()
    for text, encoding in some:
        found = outcome(text, encoding, label)
        seen[found] += 1
        if (
            (label == "right" and found != "right")
            or (label in ("missing", "cut") and found == "other")
            or found == "damaged"
        ):
            faults[f"{encoding}, label {label}: {found}"] += 1
    return seen, [f"{what}, {count} times" for what, count in faults.items() for _ in range(count)]


@pytest.mark.soak
@pytest.mark.parametrize("label", LABELS)
def test_articles_are_the_same_in_every_encoding(label: str, record_property: Told) -> None:
    # Of ISO 2022 no byte is half of a character by itself.
    some = [each for each in cases() if label != "cut" or each[1] != "iso-2022-jp"]
    seen, faults = counted(label, some)
    also = {f"{label}: {what}": count for what, count in seen.items()}
    record_property(FIGURES, figures("encodings", seed="press", done=len(some), faults=faults, also=also))
    print(f"{label}: {dict(seen)}")
    assert faults == []


@pytest.mark.parametrize("label", LABELS)
def test_some_articles_are_the_same_in_every_encoding(label: str) -> None:
    some = [each for each in [*cases()][::41] if label != "cut" or each[1] != "iso-2022-jp"]
    assert counted(label, some)[1] == []
