"""Credits are told apart by their labels; nobody is invented, and no sentence is lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.intake.credits import from_field, take
from strategies import checked

FIELDS: dict[str, tuple[list[tuple[str, str]], str | None]] = {
    "By Jane Doe": ([("aut", "Jane Doe")], None),
    "Jane Doe and John Roe": ([("aut", "Jane Doe"), ("aut", "John Roe")], None),
    "Jane Doe, Staff Writer": ([("aut", "Jane Doe")], None),
    "Reporter Jane Doe": ([("aut", "Jane Doe")], None),
    "김가람 기자 garam@paper.example": ([("aut", "김가람")], None),
    "记者 张三": ([("aut", "张三")], None),
    "张三、李四": ([("aut", "张三"), ("aut", "李四")], None),
    "Translated by Ann Poe": ([("trl", "Ann Poe")], None),
    "사진: 나래": ([("pht", "나래")], None),
    "유포신문": ([], "유포신문"),
    "Quillmouth News Agency": ([], "Quillmouth News Agency"),
    "AFP": ([], "AFP"),
    "admin": ([], None),
    "편집부": ([], None),
    "https://quill.example/authors/jane": ([], None),
    "12345": ([], None),
    "": ([], None),
    "Jane Roe, Science Editor": ([("aut", "Jane Roe")], None),
    "Jane Roe, Senior Reporter, and John Doe, Editor-at-Large": ([("aut", "Jane Roe"), ("aut", "John Doe")], None),
    "Science Editor Jane Roe": ([("aut", "Jane Roe")], None),
    "Jane Roe, PhD": ([("aut", "Jane Roe")], None),
    "Jane Roe, MD": ([("aut", "Jane Roe")], None),
    "Sammy Roe, Jr.": ([("aut", "Sammy Roe")], None),
    "José Ortega y Gasset": ([("aut", "José Ortega y Gasset")], None),
    "Ana Ruiz y Luis Gil": ([("aut", "Ana Ruiz"), ("aut", "Luis Gil")], None),
    "Roe, Jane": ([("aut", "Roe, Jane")], None),
    "Jane Roe and agencies": ([("aut", "Jane Roe")], None),
    "Jane Roe, edited by Tom Poe": ([("aut", "Jane Roe"), ("edt", "Tom Poe")], None),
    "Jane Roe / translated by Tom Poe": ([("aut", "Jane Roe"), ("trl", "Tom Poe")], None),
    "글·사진 홍길동 기자": ([("aut", "홍길동"), ("pht", "홍길동")], None),
    "홍길동·김가람 기자": ([("aut", "홍길동"), ("aut", "김가람")], None),
    "文・田中太郎": ([("aut", "田中太郎")], None),
    "ジョン・スミス": ([("aut", "ジョン・スミス")], None),
    "玛丽·史密斯": ([("aut", "玛丽·史密斯")], None),
    "记者 王五 通讯员 赵六": ([("aut", "王五"), ("aut", "赵六")], None),
    "本报记者 张三 李四": ([("aut", "张三"), ("aut", "李四")], None),
    "Reuters": ([], "Reuters"),
    "Jane Roe, Bloomberg": ([("aut", "Jane Roe")], "Bloomberg"),
    "Agence France-Presse": ([], "Agence France-Presse"),
    "共同通信": ([], "共同通信"),
    "연합뉴스": ([], "연합뉴스"),
    "온라인뉴스팀": ([], None),
    "Editorial Board": ([], None),
    "Contributor": ([], None),
    "Anonymous": ([], None),
    "Site Admin": ([], None),
    "@janeroe": ([], None),
    "Staff": ([], None),
    "Posted by Jane Roe": ([("aut", "Jane Roe")], None),
    "Par Jean Dupont": ([("aut", "Jean Dupont")], None),
    "Von Anna Roe": ([("aut", "Anna Roe")], None),
    "Von Roe": ([("aut", "Von Roe")], None),
    "Ursula von der Leyen": ([("aut", "Ursula von der Leyen")], None),
    "Jane Roe - BBC News": ([("aut", "Jane Roe")], "BBC News"),
    "Jane Roe | The Quill Post": ([("aut", "Jane Roe")], "The Quill Post"),
    "CC BY": ([], None),
    "Jane Roe Senior Editor": ([("aut", "Jane Roe")], None),
    "Jane Roe, Deputy Chief Correspondent": ([("aut", "Jane Roe")], None),
    "논설위원 홍길동": ([("aut", "홍길동")], None),
    "선임기자 홍길동": ([("aut", "홍길동")], None),
    "홍길동 통신원": ([("aut", "홍길동")], None),
    "편집: 출처: 유포신문": ([], "유포신문"),
    "Jane Roe, " * 300: ([], None),
}


def people(contributors: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(each["role"], each["name"]) for each in contributors]


@pytest.mark.parametrize("value", FIELDS)
def test_a_field_names_people_or_a_source(value: str) -> None:
    found = from_field(value)
    assert (people(found.contributors), found.syndicated_from) == FIELDS[value]


TAKEN: list[tuple[list[str], list[str], list[tuple[str, str]], str | None]] = [
    (["Text.", "출처: 유포신문", "편역: 나래"], ["Text."], [("trl", "나래")], "유포신문"),
    (["본문이 끝났다. /김가람 기자"], ["본문이 끝났다."], [("aut", "김가람")], None),
    (["본문이 끝났다. (김가람 기자) garam@paper.example"], ["본문이 끝났다."], [("aut", "김가람")], None),
    (["본문", "/김가람 기자"], ["본문"], [("aut", "김가람")], None),
    (["本文结束。（记者 张三）"], ["本文结束。"], [("aut", "张三")], None),
    (["本文结束。（责编：甲乙、丙丁）"], ["本文结束。"], [("edt", "甲乙"), ("edt", "丙丁")], None),
    (["By Jane Doe and John Roe", "One.", "Two."], ["One.", "Two."], [("aut", "Jane Doe"), ("aut", "John Roe")], None),
    (["One.", "Source: The Quill"], ["One."], [], "The Quill"),
    (["One.", "편집: 출처: 유포신문"], ["One."], [], "유포신문"),
    (["출처:", "One."], ["One."], [], None),
    (["One.", "(번역: 나래)"], ["One."], [("trl", "나래")], None),
    (
        ["편집/기자: [ 나래 ] 원고래원: [ 유포신문 ] 발표시간: [ 2015-04-06 09:45:40 ]", "One."],
        ["One."],
        [("edt", "나래")],
        "유포신문",
    ),
    (["(노스무어=가나통신) 홍길동 기자 = 비가 왔다."], ["비가 왔다."], [("aut", "홍길동")], "가나통신"),
    (["[서울=뉴시스]홍길동 기자 = 비가 왔다.", "끝."], ["비가 왔다.", "끝."], [("aut", "홍길동")], "뉴시스"),
    (
        ["One.", "홍길동 기자 hong@quill.example", "무단 전재 및 재배포 금지"],
        ["One.", "무단 전재 및 재배포 금지"],
        [("aut", "홍길동")],
        None,
    ),
    (["2024-05-21 10:30 来源：羽报 作者：张三", "正文。"], ["正文。"], [("aut", "张三")], "羽报"),
    (["One.", "담당 기자: 홍길동"], ["One.", "담당 기자: 홍길동"], [], None),
    (["One.", "출처 :  유포통신  | 2015-07-17 15:46:45  | 편집 :  나래"], ["One."], [("edt", "나래")], "유포통신"),
]


@pytest.mark.parametrize(("paragraphs", "left", "expected", "source"), TAKEN)
def test_credits_around_a_text_are_taken_off(
    paragraphs: list[str], left: list[str], expected: list[Any], source: str | None
) -> None:
    kept, found = take(paragraphs)
    assert (kept, people(found.contributors), found.syndicated_from) == (left, expected, source)
    assert all(each.get("label") for each in found.contributors)
    assert (found.derivation == "translation") is any(role == "trl" for role, _ in expected)


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["By Rail And Sea", "The way was long."],
        ["记者：您如何看待洪水？", "王五：很大。", "记者：谢谢您接受采访。"],
        ["기자: 물이 많았나요?", "그렇다.", "기자: 좋은 말씀 감사합니다."],
        ["기자: 물이 많았나요?", "그렇다.", "기자: 감사합니다."],
        ["问：多吗？", "记者：谢谢您。"],
        ["It was.", "Editor: Thank you so much."],
        ["It was.", "Source: the ministry says nothing has changed."],
        ["It was.", "Source: Interviews With Nine People Who Were On The Ferry"],
        ["It was.", "Source: ministry of ferries"],
        ["It was.", "图：洪水淹没了街道"],
        ["It was.", "Photo: the mayor opens the new bridge in Northmoor"],
        ["By noon the town was empty.", "Then it rained."],
        ["One.", "Photo by Ann Poe shows the whole of it."],
        ["글을 쓰는 사람이 많다."],
        ["기자 회견이 열렸다."],
        ["One.", "출처: 유포신문", "Two."],
        ["文章写得很好。"],
        ["The source: nobody knows it."],
    ],
)
def test_what_is_uncertain_stays_text(paragraphs: list[str]) -> None:
    kept, found = take(paragraphs)
    assert kept == paragraphs
    assert found.contributors == []


words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=30)


@checked(200)
@given(st.lists(words.filter(str.strip), max_size=5))
def test_nothing_else_is_lost(paragraphs: list[str]) -> None:
    kept, found = take(paragraphs)
    if not found.contributors and not found.syndicated_from:
        assert kept == paragraphs or not [each for each in kept if each not in paragraphs]
    assert len(kept) <= len(paragraphs)
    from_field(" ".join(paragraphs))
