"""Reservations: prose that reserves rights, and signals that machines read.

Whatever is here can only close. What cannot be read as the absence of a reservation counts as one.

Sources: TDMRep (W3C community group report): `tdm-reservation` is 0 or 1. AIPREF (IETF drafts vocab-08, attach-05): a
list of preferences such as `train-ai=n`. RSL 1.0: usages that are permitted or prohibited. RFC 9309: robots.txt allows
or disallows.
"""

import re
from collections.abc import Callable, Iterable, Mapping

import re2

_COPYING = "(re-?use|reproduction|republication|redistribution|copying)"
_PHRASES = (
    "版[权權]所有",
    "未([经經获獲]|[经經][过過])[^。]{0,16}([许許]可|授[权權]|允[许許]|同意)",
    "(不得|禁止|[严嚴]禁)[^。]{0,20}([转轉][载載]|[复複][制製]|[镜鏡]像|下[载載]|摘[编編]|使用|抓取)",
    r"무단\s*(전재|복제|배포|전송|수집|크롤링)",
    r"저작권자?\s*[ⓒ©]",
    r"AI\s*학습[^.\n]{0,12}(금지|불가)",
    r"인공지능\s*(\(AI\))?\s*(모델\s*)?학습[^.\n]{0,12}(금지|불가)",
    "(?i)all rights? reserved",
    "(不得|禁止|[严嚴]禁)[^。]{0,30}(人工智能|AI|大模型|机器学习|机器學習|模型[训訓][练練])",
    "(?i)(may|must) not be (reproduced|copied|mirrored|redistributed|published)",
    r"(?i)(may|must|shall) not be used (to|for|in)[^.\n]{0,60}(train|AI\b|artificial intelligence|machine learning)",
    rf"(?i)\bno {_COPYING}\b",
    r"(?i)\bno part of this[^.\n]{0,60}\b(reproduced|copied|used|kept|stored|distributed|published)\b",
    rf"(?i)\b{_COPYING}[^.\n]{{0,60}}\b(prohibited|forbidden|not (permitted|allowed))\b",
    rf"(?i)\b{_COPYING}[^.\n]{{0,60}}\bwithout[^.\n]{{0,40}}\b(permission|consent)\b",
    r"(?i)text and data mining[^.\n]{0,60}(reserved|prohibited|forbidden|not permitted)",
)
_RESERVING = re2.compile("|".join(_PHRASES))
# One of these is in every phrase, in either case where case does not count; to look for them is a fifth of the work.
_SIGNS = ("所有", "未", "不得", "禁", "무단", "저작권", "학습", *"VvBbXxOo")
_PREFERENCE = re.compile(r"([a-z][a-z0-9-]*)=(y|n)(?:;.*)?")
_USAGES = re.compile("(permits|prohibits)=([a-z-]+(?:,[a-z-]+)*)")


def reserves(notice: str) -> bool:
    """Tell whether a notice reserves rights by the phrases that Chinese, Korean and English pages use.

    A notice in other words changes nothing: without a decision a text is closed anyway.
    """
    return any(sign in notice for sign in _SIGNS) and bool(_RESERVING.search(notice))


def _robots(value: str) -> bool:
    return value != "allow"


def _tdmrep(value: str) -> bool:
    return value != "0"


def _aipref(value: str) -> bool:
    """Tell whether a Content-Usage value refuses anything. An empty list states no preference."""
    parts = [part.strip() for part in value.split(",")] if value.strip() else []
    found = [_PREFERENCE.fullmatch(part) for part in parts]
    return any(match is None or match[2] == "n" for match in found)


def _rsl(value: str) -> bool:
    """Tell whether RSL usages, as `permits=search prohibits=ai-train,ai-input`, prohibit any."""
    found = [_USAGES.fullmatch(part) for part in value.split()]
    return not found or any(match is None or match[1] == "prohibits" for match in found)


def _meta(value: str) -> bool:
    tokens = {token.strip() for token in value.lower().split(",")}
    return not tokens <= {"all", "index", "follow"}


def _always(value: str) -> bool:
    return bool(value)


_READERS: Mapping[str, Callable[[str], bool]] = {
    "robots": _robots,
    "tdmrep": _tdmrep,
    "aipref": _aipref,
    "rsl": _rsl,
    "meta": _meta,
    "terms": _always,
}


def signal_reserves(signal: str, value: str) -> bool:
    """Tell whether a signal reserves anything.

    Args:
        signal: `robots` (`allow` or `disallow`), `tdmrep` (`0` or `1`), `aipref` (a Content-Usage value), `rsl`
            (`permits=...` and `prohibits=...`), `meta` (a robots meta tag) or `terms` (a sentence that reserves).
        value: The value as it was found. What cannot be read reserves.
    """
    reader = _READERS.get(signal)
    return reader is None or reader(value)


def reserving(reservations: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the names of the signals that reserve anything, each once."""
    return sorted({entry["signal"] for entry in reservations if signal_reserves(entry["signal"], entry["value"])})
