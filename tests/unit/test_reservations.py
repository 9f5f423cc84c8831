"""Reservations: prose in three languages, and signals that machines read. What cannot be read reserves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.article import reservations
from pressmark.article.reservations import reserves, reserving, signal_reserves
from strategies import ARTICLE, checked

SIGNALS = ("robots", "tdmrep", "aipref", "rsl", "meta", "terms")

FREE = [
    ("robots", "allow"),
    ("tdmrep", "0"),
    ("aipref", "train-ai=y"),
    ("aipref", "train-ai=y, search=y"),
    ("aipref", "train-ai=y,search=y"),
    ("aipref", " train-ai=y "),
    ("aipref", "train-ai=y;level=2"),
    ("aipref", "t=y"),
    ("aipref", ""),
    ("aipref", "  "),
    ("aipref", "x2-a=y"),
    ("rsl", "permits=all"),
    ("rsl", "permits=search,ai-train"),
    ("rsl", "permits=search permits=ai-index"),
    ("rsl", "  permits=search  "),
    ("meta", "all"),
    ("meta", "index"),
    ("meta", "follow"),
    ("meta", "INDEX, Follow"),
    ("meta", "index,follow,all"),
    ("terms", ""),
]
"""The values that are the absence of a reservation."""

RESERVED = [
    ("robots", "disallow"),
    ("robots", "Allow"),
    ("robots", "allow "),
    ("robots", "allowed"),
    ("robots", ""),
    ("tdmrep", "1"),
    ("tdmrep", "00"),
    ("tdmrep", " 0"),
    ("tdmrep", "false"),
    ("tdmrep", ""),
    ("aipref", "train-ai=n"),
    ("aipref", "train-ai=n;level=2"),
    ("aipref", "search=y, train-ai=n"),
    ("aipref", "train-ai=n, search=y"),
    ("aipref", "train-ai=n,search=y,bots=y"),
    ("aipref", "train-ai"),
    ("aipref", "train-ai=?1"),
    ("aipref", "train-ai=yes"),
    ("aipref", "train-ai=Y"),
    ("aipref", "Train-AI=y"),
    ("aipref", "2x=y"),
    ("aipref", "-x=y"),
    ("aipref", "=y"),
    ("aipref", "train-ai = y"),
    ("aipref", "train-ai=y search=y"),
    ("aipref", "train-ai=y,"),
    ("rsl", "prohibits=ai-train"),
    ("rsl", "permits=search prohibits=ai-train,ai-input"),
    ("rsl", "prohibits=ai-train permits=search"),
    ("rsl", "permits="),
    ("rsl", "permits=,"),
    ("rsl", "permits=search,"),
    ("rsl", "permits=Search"),
    ("rsl", "permits=search, ai-train"),
    ("rsl", "allows=search"),
    ("rsl", "permits search"),
    ("rsl", "permits"),
    ("rsl", ""),
    ("rsl", " "),
    ("meta", "noai"),
    ("meta", "noindex"),
    ("meta", "index, noimageai"),
    ("meta", "none"),
    ("meta", "nofollow"),
    ("meta", "index;follow"),
    ("meta", "index follow"),
    ("meta", "index,"),
    ("meta", ""),
    ("terms", "No copying by machines."),
    ("terms", "0"),
    ("terms", "allow"),
]


@pytest.mark.parametrize(("signal", "value"), FREE)
def test_a_signal_that_says_so_reserves_nothing(signal: str, value: str) -> None:
    assert signal_reserves(signal, value) is False


@pytest.mark.parametrize(("signal", "value"), RESERVED)
def test_a_signal_that_refuses_anything_or_cannot_be_read_reserves(signal: str, value: str) -> None:
    assert signal_reserves(signal, value) is True


@pytest.mark.parametrize("signal", ["", "Robots", "tdm", "humans"])
@pytest.mark.parametrize("value", ["", "allow", "0", "permits=all", "all"])
def test_a_signal_that_nobody_knows_reserves_whatever_its_value(signal: str, value: str) -> None:
    assert signal_reserves(signal, value) is True


def test_the_signals_are_those_of_the_contract() -> None:
    stated = ARTICLE["properties"]["rights"]["properties"]["reservations"]["items"]["properties"]["signal"]["enum"]
    assert tuple(stated) == SIGNALS == tuple(dict.fromkeys(signal for signal, _ in FREE))


@checked(150)
@given(st.sampled_from([signal for signal in SIGNALS if signal != "terms"]), st.text(max_size=12))
def test_what_is_not_one_of_the_free_values_reserves(signal: str, value: str) -> None:
    readable = {"robots": ["allow"], "tdmrep": ["0"]}
    if signal in readable:
        assert signal_reserves(signal, value) is (value not in readable[signal])
    elif value.strip() and not set(value) & set("=,") and signal != "meta":
        assert signal_reserves(signal, value) is True


@checked(100)
@given(st.lists(st.sampled_from([*FREE, *RESERVED]), max_size=6))
def test_the_signals_that_reserve_are_named_once_each_in_the_order_of_the_alphabet(
    found: list[tuple[str, str]],
) -> None:
    entries = [{"signal": signal, "value": value, "where": "head"} for signal, value in found]
    assert reserving(entries) == sorted({signal for signal, value in found if (signal, value) in RESERVED})


def test_nothing_reserves_nothing() -> None:
    assert reserving([]) == []


# Prose

NOTICES = [
    "版权所有 芦苇报社",
    "未经芦苇报社书面许可，请勿使用",
    "未经授权",
    "未獲允许",
    "未获芦苇报社授权",
    "未經蘆葦報社許可",
    "未經過同意",
    "未經允許",
    "未經授權",
    "版權所有",
    "嚴禁轉載",
    "禁止轉载",
    "不得複製",
    "不得鏡像",
    "不得下載",
    "不得摘編",
    "未经过同意",
    "未经芦苇报社許可",
    "本文不得转载",
    "禁止复制",
    "严禁任何形式的镜像",
    "不得下载",
    "不得摘编",
    "不得使用",
    "不得抓取",
    "不得轉載",
    "무단 전재 및 재배포 금지",
    "무단전재 금지",
    "무단복제",
    "무단  배포",
    "무단 전송",
    "무단 수집",
    "무단 크롤링",
    "저작권자 ⓒ 갈대신문",
    "저작권자© 갈대신문",
    "저작권 © 갈대신문",
    "AI 학습 이용 금지",
    "AI학습 불가",
    "인공지능 학습 및 활용을 금지합니다",
    "인공지능(AI) 모델 학습 금지",
    "All rights reserved.",
    "ALL RIGHT RESERVED",
    "This may not be reproduced.",
    "Articles must not be copied by anyone",
    "It May Not Be Mirrored",
    "must not be redistributed",
    "may not be published",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_notices_reserve_in_the_words_of_three_languages(notice: str) -> None:
    assert reserves(notice) is True
    assert reserves(f"Reed Gazette\n{notice}\n2024") is True


@pytest.mark.parametrize(
    "notice",
    [
        "",
        "CC BY 4.0",
        "갈대신문 제공",
        "본报讯",
        "Photo: Oda Fenn",
        "No rights are claimed.",
        "许可",
        "未经",
        "转载",
        "不得",
        "무단",
        "전재",
        "저작권",
        "AI 학습",
        "rights reserved",
        "may be reproduced",
        "might not be copied",
        "무단으로 결근",
    ],
)
def test_other_notices_reserve_nothing(notice: str) -> None:
    assert reserves(notice) is False


@pytest.mark.parametrize(
    ("before", "between", "after"),
    [("未经", 16, "许可"), ("禁止", 20, "转载"), ("AI 학습", 12, "금지")],
    ids=["permission", "ban", "training"],
)
def test_the_words_of_a_notice_stand_close_to_each_other_and_in_one_sentence(
    before: str, between: int, after: str
) -> None:
    assert reserves(before + "灯" * between + after) is True
    assert reserves(before + "灯" * (between + 1) + after) is False
    assert reserves(before + ("." if before.startswith("AI") else "。") + after) is False
    assert reserves(f"{before}\n{after}") is not before.startswith("AI")


@checked(1000)
@given(
    st.lists(
        st.sampled_from(reservations._PHRASES)
        .map(lambda phrase: phrase.replace("(?i)", ""))
        .flatmap(lambda phrase: st.from_regex(phrase, fullmatch=True))
        .flatmap(lambda words: st.sampled_from([words, words.upper(), words.lower(), words[1:], words.title()]))
        | st.text(max_size=20),
        max_size=3,
    ).map(" ".join)
)
def test_signs_leave_out_nothing_that_reserves(notice: str) -> None:
    assert reserves(notice) is bool(reservations._RESERVING.search(notice))


@pytest.mark.parametrize(
    "line",
    [
        "No reuse without the written consent of the paper.",
        "No part of this page may be kept without consent.",
        "Reproduction in whole or in part is prohibited",
        "Re-use without prior permission is an offence.",
        "Republication not permitted.",
    ],
)
def test_english_lines_that_keep_texts_off_reserve(line: str) -> None:
    assert reserves(line)


@pytest.mark.parametrize(
    "line",
    [
        "The council says no to the plan.",
        "A reproduction of the picture hangs in the hall.",
        "Reuse of glass is up.",
        "No part of this was planned.",
    ],
)
def test_english_prose_about_such_things_reserves_nothing(line: str) -> None:
    assert not reserves(line)
