"""Encodings: by declaration and by the bytes themselves, or refused."""

import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.findings import CATALOGUE, RefusedInputError
from pressmark.intake.decode import byte_order, decode, is_utf16
from strategies import checked

KOREAN = """가람시 나루터에서 어제 등불 잔치가 열렸다. 주민 사백여 명이 모여 강가에 등불을 띄웠고, 아이들은 손뼉을 쳤다.

행사를 준비한 모래내 마을회의 한새봄 회장은 “해마다 사람이 는다”며 “내년에는 배도 띄우겠다”고 말했다."""
CHINESE = """青岚镇昨天举行了灯会，四百多位居民来到河边，把灯放进水里，孩子们拍着手唱歌。

组织活动的芦苇里居委会主任云小禾说：“来的人一年比一年多，明年我们还想放船。”晚上八点，镇上的乐队演奏了五首老歌。"""
ENGLISH = """The lantern feast of Harrow Bay drew four hundred people to the quay last night.

“Next year we will bring boats,” said Ilse Marrow of the harbour club, and the children sang five old songs."""
PLAIN = "The lantern feast of Harrow Bay drew four hundred people to the quay last night."
MIXED = """Lantern feast 2024 — 가람시 나루터(津)에서 등불 400개.

Ilse Marrow: “내년에는 배도 띄우겠다.” 青岚镇的居民也来了。"""

TEXTS = {"korean": KOREAN, "chinese": CHINESE, "english": ENGLISH, "plain": PLAIN, "mixed": MIXED}
BOM = "\ufeff"
UNICODE = ("utf-8", "utf-16-le", "utf-16-be")

DECLARED = [
    ("utf-8", "utf-8", ""),
    ("utf-8", "utf-8", BOM),
    ("utf-16", "utf-16-le", ""),
    ("utf-16", "utf-16-le", BOM),
    ("utf-16", "utf-16-be", BOM),
    ("gb18030", "gb18030", ""),
    ("gb18030", "gb18030", BOM),
]
DECLARED_IDS = ["utf-8", "utf-8 bom", "utf-16-le", "utf-16-le bom", "utf-16-be bom", "gb18030", "gb18030 bom"]


def code_of(data: bytes, declared: str) -> str:
    """Return the code of the refusal, or nothing where the bytes were read."""
    try:
        decode(data, declared)
    except RefusedInputError as error:
        return error.code
    return ""


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize(("declared", "encoding", "mark"), DECLARED, ids=DECLARED_IDS)
def test_a_declared_encoding_is_read(text: str, declared: str, encoding: str, mark: str) -> None:
    assert decode((mark + text).encode(encoding), declared) == mark + text


@pytest.mark.parametrize("text", [KOREAN, PLAIN, ENGLISH], ids=["korean", "plain", "english"])
def test_declared_cp949_is_read(text: str) -> None:
    assert decode(text.encode("cp949"), "cp949") == text


@pytest.mark.parametrize("text", [PLAIN, "등불 잔치"])
def test_declared_utf16_of_either_order_is_read_without_its_mark_or_refused(text: str) -> None:
    data = text.encode("utf-16-be")
    assert code_of(data, "utf-16") == "wrong-encoding" or decode(data, "utf-16") == text


@pytest.mark.parametrize(
    ("encoding", "mark", "name"),
    [
        *((encoding, mark, name) for encoding in UNICODE for mark in ("", BOM) for name in TEXTS),
        *(("gb18030", "", name) for name in TEXTS),
        *(("cp949", "", name) for name in ("korean", "english", "plain")),
    ],
)
def test_an_encoding_is_told_from_the_bytes(encoding: str, mark: str, name: str) -> None:
    assert decode((mark + TEXTS[name]).encode(encoding)) == mark + TEXTS[name]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("등불", "utf-8"),
        ("灯", "utf-8"),
        ("a", "utf-8"),
        ("", "utf-8"),
        ("등불", "utf-16"),
        ("灯", "utf-16"),
        ("a", "utf-16"),
        ("Lantern", "utf-16-le"),
        ("Lantern", "utf-16-be"),
        ("a", "utf-16-le"),
        ("등불 잔치가 어제 나루터에서 열렸다. 마을 사람들이 강가에 모여 노래를 부르고 춤을 추었다.", "cp949"),
        ("青岚镇昨天举行了灯会，居民来到河边放灯，孩子们唱着歌，老人们在桥头看船，一直到夜里才回家。", "gb18030"),
    ],
)
def test_short_texts_are_told_too(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).removeprefix(BOM) == text


@pytest.mark.parametrize("text", ["灯会", "到镇灯。", "放居多手手我。", "会放来举河活放国奏的老灯。"])
def test_short_chinese_is_read_where_its_encoding_is_declared(text: str) -> None:
    assert decode(text.encode("gb18030"), "gb18030") == text


@pytest.mark.parametrize(
    "text",
    ["灯会", "居民来到河边放灯。", json.dumps({"id": "a1", "text": "居民放灯。"}, ensure_ascii=False)],
)
def test_bytes_that_could_be_two_encodings_are_read_right_or_refused(text: str) -> None:
    data = text.encode("gb18030")
    assert code_of(data, "auto") == "unknown-encoding" or decode(data) == text


@pytest.mark.parametrize("text", ["老天演们禾歌唱子首歌小举。", "举岚拍四船放。"])
def test_a_guess_that_is_only_a_little_better_is_not_taken(text: str) -> None:
    data = text.encode("gb18030")
    assert code_of(data, "auto") == "unknown-encoding" or decode(data) == text


def test_half_a_pair_of_utf16_without_a_mark_is_refused() -> None:
    assert code_of(b"a\x00b\x00\x00\xd8c\x00", "auto") == "unknown-encoding"


@pytest.mark.parametrize("text", ["孩歌苇举昨岚动队。", "歌唱芦岚演举年年。"])
def test_a_short_record_is_read_right_or_refused(text: str) -> None:
    line = json.dumps({"id": "a1", "text": text}, ensure_ascii=False)
    assert code_of(line.encode("gb18030"), "auto") == "unknown-encoding" or decode(line.encode("gb18030")) == line


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (KOREAN, "cp949", "utf-8"),
        (CHINESE, "gb18030", "utf-8"),
        (ENGLISH, "utf-16", "utf-8"),
        (KOREAN, "utf-8", "cp949"),
        (CHINESE, "utf-8", "cp949"),
        (ENGLISH, "utf-8", "cp949"),
        (CHINESE, "gb18030", "cp949"),
        (KOREAN, "utf-8", "gb18030"),
        (ENGLISH, "utf-16", "gb18030"),
        (PLAIN + "!", "utf-8", "utf-16"),
        (KOREAN + "\U0001f3ee", "utf-8", "cp949"),
    ],
    ids=lambda value: value[:8],
)
def test_a_wrong_declaration_is_refused(text: str, encoding: str, declared: str) -> None:
    with pytest.raises(RefusedInputError) as caught:
        decode(text.encode(encoding), declared)
    assert (caught.value.code, caught.value.detail) == ("wrong-encoding", f"expected {declared}")
    assert caught.value.place.startswith("byte ")


@pytest.mark.parametrize("encoding", ["euc-jp", "iso-2022-jp"])
def test_japanese_in_an_encoding_that_is_not_told_is_no_chinese(encoding: str) -> None:
    text = "冬でも港で出ると昨日、橋を渡る人々に話した。" * 5
    with pytest.raises(RefusedInputError, match="unknown-encoding"):
        decode(text.encode(encoding))
    assert decode(f"他说“の”字在店名里。{'这里的人们都知道。' * 5}".encode("gb18030")).startswith("他说“の”字")


@pytest.mark.parametrize("encoding", ["euc-jp", "gb18030"])
def test_kana_that_two_encodings_share_are_declared_and_not_guessed(encoding: str) -> None:
    text = "カモメがうみべをとんでいました。フェリーはニジにでました。" * 4
    data = text.encode(encoding)
    with pytest.raises(RefusedInputError, match="unknown-encoding") as refused:
        decode(data)
    assert "gb18030 or euc-jp" in refused.value.detail
    assert refused.value.place == "byte 0"
    if encoding == "gb18030":
        assert decode(data, encoding) == text


def test_the_place_of_a_wrong_byte_is_told() -> None:
    with pytest.raises(RefusedInputError) as caught:
        decode(b"Lanterns \xff went out", "utf-8")
    assert caught.value.place == "byte 9"


@pytest.mark.parametrize("declared", ["utf-8", "auto"])
def test_the_line_of_a_wrong_byte_is_told_beyond_the_first(declared: str) -> None:
    with pytest.raises(RefusedInputError) as caught:
        decode("Lanterns\nwent out\r\nat the café.\n".encode("latin-1"), declared)
    assert caught.value.place == "byte 29, in its line 3"


def test_no_line_is_told_of_utf16_where_half_a_character_may_be_a_line_end() -> None:
    with pytest.raises(RefusedInputError) as caught:
        decode("\u4e0a\u0a4e".encode("utf-16-le") + b"\x00\xd8a\x00", "utf-16")
    assert "line" not in caught.value.place


def test_what_to_do_with_bytes_in_no_encoding_that_is_told_is_said() -> None:
    with pytest.raises(RefusedInputError) as caught:
        decode("The café on the quay was full, as it is each year.".encode("latin-1"))
    assert caught.value.code == "unknown-encoding"
    assert caught.value.detail.endswith("could be: none; save what is in another encoding as UTF-8")
    advice = CATALOGUE["unknown-encoding"].advice
    assert all(f"`{name}`" in advice for name in ("utf-8", "utf-16", "gb18030", "cp949"))
    assert "as UTF-8" in advice


def test_bytes_that_could_be_two_encodings_ask_for_a_declaration() -> None:
    with pytest.raises(RefusedInputError) as caught:
        decode("灯会".encode("gb18030"))
    assert caught.value.detail.endswith("could be: cp949, gb18030; declare which")


@pytest.mark.parametrize(
    "data",
    [
        KOREAN.encode()[:81] + b"\xff\x80\xfe" * 5 + KOREAN.encode()[81:],
        CHINESE.encode("gb18030")[:80] + b"\xff\xff\xff" + CHINESE.encode("gb18030")[80:],
        b"\xff" * 30,
        b"\x80\xff\x80\xff\x80",
    ],
    ids=["korean with garbage", "chinese with garbage", "ff", "80 ff"],
)
def test_garbage_is_refused(data: bytes) -> None:
    assert code_of(data, "auto") != "wrong-encoding"


@pytest.mark.parametrize("declared", ["utf-8", "gb18030", "cp949"])
def test_garbage_is_not_in_any_declared_encoding(declared: str) -> None:
    assert code_of(b"\xff\xff\x80\xff", declared) == "wrong-encoding"


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_half_a_character_of_declared_utf16_is_refused(order: str) -> None:
    data = (BOM + KOREAN).encode(order)
    assert code_of(data[:-1], "utf-16") == "wrong-encoding"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\xd8", b"\xfe\xff\xd8\x00", b"\xff\xfea"], ids=repr)
def test_half_a_pair_of_marked_utf16_is_refused(data: bytes) -> None:
    assert code_of(data, "auto") in ("wrong-encoding", "unknown-encoding")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\xd8", b"\xff\xfea"], ids=repr)
def test_only_a_declared_encoding_can_be_wrong(data: bytes) -> None:
    assert code_of(data, "auto") != "wrong-encoding"


@pytest.mark.parametrize("declared", ["utf-8", "gb18030", "cp949", "utf-16", "auto"])
def test_nothing_is_nothing_in_every_encoding(declared: str) -> None:
    assert decode(b"", declared) == ""


@checked(150)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_every_text_in_utf8_is_told(text: str) -> None:
    assert decode(text.encode()) == text


@checked(100)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_every_text_in_marked_utf16_is_told(text: str, order: str) -> None:
    data = (BOM + text).encode(order)
    assert decode(data) == BOM + text
    assert decode(data, "utf-16") == BOM + text


@checked(100)
@given(
    st.text(st.characters(min_codepoint=1, max_codepoint=0xFF, exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.sampled_from(["utf-16-le", "utf-16-be"]),
)
def test_latin_in_utf16_is_told_without_its_mark(text: str, order: str) -> None:
    data = text.encode(order)
    assert is_utf16(data)
    assert decode(data) == text


@checked(150)
@given(st.binary(max_size=40), st.sampled_from(["auto", "utf-8", "utf-16", "gb18030", "cp949"]))
def test_any_bytes_are_read_or_refused(data: bytes, declared: str) -> None:
    assert code_of(data, declared) in ("", "wrong-encoding", "unknown-encoding")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (codecs.BOM_UTF16_LE + b"a", True),
        (codecs.BOM_UTF16_BE, True),
        (b"a\x00b\x00", True),
        (b"\x00a\x00b", True),
        (b"a\x00b", False),
        (b"ab", False),
        (b"", False),
        (b"\x00\x00", False),
        (b"a\x00\x00b", False),
        (b"abcdefghi\x00", True),
        (b"abcdefghijk\x00", False),
    ],
    ids=repr,
)
def test_utf16_is_told_by_its_mark_or_by_enough_nuls_on_one_side_alone(data: bytes, told: bool) -> None:  # noqa: FBT001
    assert is_utf16(data) is told


@pytest.mark.parametrize(
    ("data", "order"),
    [
        (b"\xfe\xff\x00a", "utf-16-be"),
        (b"\xff\xfe\x00a", "utf-16-le"),
        (b"\x00a", "utf-16-be"),
        (b"a\x00", "utf-16-le"),
        (b"", "utf-16-le"),
    ],
)
def test_byte_order_goes_by_the_mark_else_by_the_nuls(data: bytes, order: str) -> None:
    assert byte_order(data) == order


JAPANESE = (
    "沼辺の村では昨夜、灯籠流しが行われ、四百人あまりの住民が川辺に集まりました。"
    "子どもたちは歌を歌い、手をたたいて喜びました。"
    "\n\n村の会の小島会長は「年ごとに人が増える」と話し、「来年はボートも浮かべたい」と続けました。"
)


@pytest.mark.parametrize("encoding", ["shift_jis", "euc-jp"])
@pytest.mark.parametrize("text", [JAPANESE, JAPANESE * 5, JAPANESE.split("\n", maxsplit=1)[0]])
def test_japanese_is_read_as_no_other_language(text: str, encoding: str) -> None:
    with pytest.raises(RefusedInputError, match="unknown-encoding"):
        decode(text.encode(encoding))
