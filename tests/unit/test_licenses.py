"""Licences: SPDX expressions, and the addresses of licences and rights statements."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressmark.article.licenses import (
    NOASSERTION,
    NONE,
    normal_license,
    satisfies,
    statement_license,
    statement_name,
    statement_status,
)
from pressmark.article.policy import policy
from strategies import ARTICLE, checked

EXCEPTION = "GPL-2.0-only WITH Classpath-exception-2.0"

EXPRESSIONS = [
    ("CC-BY-4.0", "CC-BY-4.0"),
    ("cc-by-4.0", "CC-BY-4.0"),
    ("odc-by-1.0", "ODC-By-1.0"),
    ("(MIT)", "MIT"),
    ("CC-BY-3.0-AT", "CC-BY-3.0-AT"),
    ("CC-PDM-1.0", "CC-PDM-1.0"),
    ("GPL-2.0+", "GPL-2.0-or-later"),
    ("GPL-2.0", "GPL-2.0-only"),
    ("CC-BY-4.0 OR MIT", "CC-BY-4.0 OR MIT"),
    ("CC-BY-4.0 or mit", "CC-BY-4.0 OR MIT"),
    ("mit AND cc0-1.0", "MIT AND CC0-1.0"),
    ("(CC-BY-4.0 AND MIT) OR CC0-1.0", "(CC-BY-4.0 AND MIT) OR CC0-1.0"),
    ("CC-BY-4.0 AND MIT OR CC0-1.0", "(CC-BY-4.0 AND MIT) OR CC0-1.0"),
    ("CC-BY-4.0 AND (MIT OR CC0-1.0)", "CC-BY-4.0 AND (MIT OR CC0-1.0)"),
    (EXCEPTION, EXCEPTION),
    (EXCEPTION.lower(), EXCEPTION),
    ("LicenseRef-reeds", "LicenseRef-reeds"),
    ("LicenseRef-Reed.House-2", "LicenseRef-Reed.House-2"),
    ("LicenseRef-a OR CC0-1.0", "LicenseRef-a OR CC0-1.0"),
    ("DocumentRef-a.b-1:LicenseRef-reeds", "DocumentRef-a.b-1:LicenseRef-reeds"),
    ("NONE", "NONE"),
    ("NOASSERTION", "NOASSERTION"),
]

NO_EXPRESSIONS = [
    "",
    " ",
    "none",
    "noassertion",
    "None",
    "NONE OR MIT",
    "MIT AND NOASSERTION",
    "NONE NONE",
    "CC BY 4.0",
    "CC-BY-9.9",
    "CC-BY",
    "Apache 2.0",
    "all rights reserved",
    "OR",
    "AND",
    "WITH",
    "MIT OR",
    "AND MIT",
    "MIT WITH",
    "MIT MIT",
    "MIT OR OR MIT",
    "(",
    ")",
    "(MIT",
    "MIT)",
    "MIT()",
    "()",
    "( )",
    "()()",
    "(OR a",
    "((AND MIT",
    "MIT OR (CC0-1.0 AND",
    "LicenseRef-",
    "LicenseRef-a b",
    "LicenseRef-a/b",
    "LicenseRef-a_b",
    "LicenseRef-a+",
    "licenseref-a",
    "xLicenseRef-a",
    "DocumentRef-a",
    "DocumentRef-:LicenseRef-a",
    "DocumentRef-a:b",
    "DocumentRef-a:LicenseRef-",
    "GPL-2.0-or-later WITH Reed-exception",
    "Reed-1.0 WITH Classpath-exception-2.0",
    "MIT AND Reed-1.0",
    "Reed-1.0 OR MIT",
    "https://creativecommons.org/licenses/by/4.0/",
]


@pytest.mark.parametrize(("expression", "normal"), EXPRESSIONS)
def test_an_expression_is_brought_to_its_canonical_form(expression: str, normal: str) -> None:
    assert normal_license(expression) == normal
    assert normal_license(normal) == normal


@pytest.mark.parametrize("expression", NO_EXPRESSIONS)
def test_what_is_no_expression_has_no_form_and_satisfies_nothing(expression: str) -> None:
    assert normal_license(expression) is None
    assert satisfies(expression, lambda _: True) is False


@pytest.mark.parametrize("expression", ["Classpath-exception-2.0", "MIT WITH MIT", "MIT OR Classpath-exception-2.0"])
def test_an_exception_is_no_licence_and_a_licence_no_exception(expression: str) -> None:
    assert normal_license(expression) is None


WORDS = [
    "MIT",
    "CC0-1.0",
    "LicenseRef-a",
    "NONE",
    "Reed-1.0",
    "OR",
    "AND",
    "WITH",
    "+",
    "-",
    ":",
    ".",
    "(",
    ")",
    "(MIT",
    "MIT)",
]


@checked(150)
@given(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join))
@example("")
def test_whatever_words_stand_in_a_field_are_an_expression_or_none(value: str) -> None:
    found = normal_license(value)
    assert found is None or normal_license(found) == found
    assert satisfies(value, lambda _: True) is (found is not None and value not in (NONE, NOASSERTION))


@checked(100)
@given(st.from_regex(ARTICLE["$defs"]["license"]["pattern"], fullmatch=True))
@example("()")
def test_whatever_the_contract_allows_in_a_field_is_an_expression_or_none(value: str) -> None:
    assert normal_license(value) is None or satisfies(value, lambda _: True) or value in (NONE, NOASSERTION)


def test_a_licence_with_an_exception_is_another_identifier() -> None:
    expression = "GPL-2.0-only WITH Classpath-exception-2.0"
    assert satisfies(expression, lambda key: key == expression)
    assert not satisfies(expression, lambda key: key == "GPL-2.0-only")


# Choices


def among(*keys: str) -> Callable[[str], bool]:
    return lambda key: key in keys


@pytest.mark.parametrize(
    ("expression", "keys", "met"),
    [
        ("MIT", ["MIT"], True),
        ("mit", ["MIT"], True),
        ("MIT", ["mit"], False),
        ("MIT", [], False),
        ("MIT OR CC0-1.0", ["MIT"], True),
        ("MIT OR CC0-1.0", ["CC0-1.0"], True),
        ("MIT OR CC0-1.0", ["ISC"], False),
        ("MIT AND CC0-1.0", ["MIT"], False),
        ("MIT AND CC0-1.0", ["CC0-1.0"], False),
        ("MIT AND CC0-1.0", ["MIT", "CC0-1.0"], True),
        ("MIT AND CC0-1.0 AND ISC", ["MIT", "CC0-1.0"], False),
        ("(MIT AND CC0-1.0) OR ISC", ["ISC"], True),
        ("(MIT AND CC0-1.0) OR ISC", ["MIT"], False),
        ("(MIT AND CC0-1.0) OR ISC", ["MIT", "CC0-1.0"], True),
        ("(MIT OR CC0-1.0) AND ISC", ["MIT", "CC0-1.0"], False),
        ("(MIT OR CC0-1.0) AND ISC", ["MIT", "ISC"], True),
        ("(MIT OR CC0-1.0) AND (ISC OR Zlib)", ["CC0-1.0", "Zlib"], True),
        ("(MIT OR CC0-1.0) AND (ISC OR Zlib)", ["MIT", "CC0-1.0"], False),
        (EXCEPTION, ["GPL-2.0-only"], False),
        (EXCEPTION, ["GPL-2.0-only", "Classpath-exception-2.0"], False),
        (EXCEPTION, [EXCEPTION], True),
        (f"{EXCEPTION} OR MIT", ["MIT"], True),
        (f"{EXCEPTION} AND MIT", ["MIT"], False),
        ("LicenseRef-reeds", ["LicenseRef-reeds"], True),
        ("NONE", ["NONE"], False),
        ("NOASSERTION", ["NOASSERTION"], False),
    ],
)
def test_an_expression_is_met_by_one_of_its_choices_as_a_whole(
    expression: str,
    keys: list[str],
    met: bool,  # noqa: FBT001
) -> None:
    assert satisfies(expression, among(*keys)) is met


@pytest.mark.parametrize("expression", [None, ""])
def test_no_expression_satisfies_nothing(expression: str | None) -> None:
    assert satisfies(expression, lambda _: True) is False


def test_none_and_noassertion_are_the_words_of_spdx() -> None:
    assert (NONE, NOASSERTION) == ("NONE", "NOASSERTION")


# Addresses of licences

CC = "creativecommons.org"
KINDS = ["by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"]
VERSIONS = ["2.0", "2.5", "3.0", "4.0"]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", [CC, f"www.{CC}"])
@pytest.mark.parametrize("end", ["", "/"])
@pytest.mark.parametrize(("kind", "version"), list(product(KINDS, VERSIONS)))
def test_the_address_of_a_licence_names_the_licence(scheme: str, host: str, end: str, kind: str, version: str) -> None:
    address = f"{scheme}://{host}/licenses/{kind}/{version}{end}"
    assert statement_license(address) == f"CC-{kind.upper()}-{version}"


@pytest.mark.parametrize(
    ("path", "license_"),
    [
        ("licenses/by/3.0/us/", "CC-BY-3.0-US"),
        ("licenses/by/3.0/at", "CC-BY-3.0-AT"),
        ("licenses/by/3.0/us/deed.en", "CC-BY-3.0-US"),
        ("licenses/by/3.0/us/deed", "CC-BY-3.0-US"),
        ("licenses/by/3.0/us/legalcode", "CC-BY-3.0-US"),
        ("licenses/by-sa/2.0/uk/", "CC-BY-SA-2.0-UK"),
        ("licenses/by-nc-nd/3.0/igo/", "CC-BY-NC-ND-3.0-IGO"),
        ("licenses/by-nc-nd/3.0/igo/legalcode", "CC-BY-NC-ND-3.0-IGO"),
        ("publicdomain/zero/1.0", "CC0-1.0"),
        ("publicdomain/zero/1.0/", "CC0-1.0"),
        ("publicdomain/zero/1.0/deed.ko", "CC0-1.0"),
        ("publicdomain/zero/1.0/deed.zh-hans", "CC0-1.0"),
        ("publicdomain/zero/1.0/legalcode", "CC0-1.0"),
        ("publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("publicdomain/mark/1.0/deed.de", "CC-PDM-1.0"),
        ("publicdomain/mark/1.0/deed", "CC-PDM-1.0"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", [CC, f"www.{CC}"])
def test_ports_deeds_and_dedications_have_addresses_too(scheme: str, host: str, path: str, license_: str) -> None:
    assert statement_license(f"{scheme}://{host}/{path}") == license_


@pytest.mark.parametrize(
    "end",
    [
        "deed",
        "deed.ko",
        "deed.zh-hans",
        "deed.zh_TW",
        "legalcode",
        "legalcode.txt",
        "legalcode.zh-Hant",
        "legalcode-en",
    ],
)
def test_the_deed_and_the_legal_code_of_a_licence_without_a_port_name_it(end: str) -> None:
    assert statement_license(f"https://{CC}/licenses/by/4.0/{end}") == "CC-BY-4.0"


NO_LICENCES = [
    "",
    CC,
    f"https://{CC}/",
    f"https://{CC}/licenses/by/4.0/ ",
    f" https://{CC}/licenses/by/4.0/",
    f"https://{CC}/licenses/by/4.0/us/",
    f"https://{CC}/licenses/by/9.9/",
    f"https://{CC}/licenses/by/4.0xyz",
    f"https://{CC}/licenses/by/4.0-nc",
    f"https://{CC}/licenses/by/4.0//",
    f"https://{CC}/licenses/by/4.0/deeds",
    f"https://{CC}/licenses/by/4.0/legalcodex",
    f"https://{CC}/licenses/by/4.0/deed/",
    f"https://{CC}/licenses/by/4.0deed",
    f"https://{CC}/licenses/by/3.0/us/deeds",
    f"https://{CC}/licenses/by/3.0/usdeed",
    f"https://{CC}/licenses/by/3.0/us.",
    f"https://{CC}/licenses/by/4/",
    f"https://{CC}/licenses/by/40/",
    f"https://{CC}/licenses/by/10.0/",
    f"https://{CC}/licenses/by/4x0/",
    f"https://{CC}/licenses/BY/4.0/",
    f"https://{CC}/licenses/sa/1.0/",
    f"https://{CC}/licenses/by-nd-nc/1.0/",
    f"https://{CC}/licenses/by-nd-sa/3.0/",
    f"https://{CC}/licences/by/4.0/",
    f"https://{CC}/licenses/by/3.0/us/gb/",
    f"https://{CC}/licenses/by/3.0/u/",
    f"https://{CC}/licenses/by/3.0/US/",
    f"ftp://{CC}/licenses/by/4.0/",
    f"//{CC}/licenses/by/4.0/",
    f"https://de.{CC}/licenses/by/4.0/",
    f"https://{CC}.reeds.example/licenses/by/4.0/",
    f"https://reeds.example/?{CC}/licenses/by/4.0/",
    "https://creativecommonsXorg/licenses/by/4.0/",
    "https://wwwXcreativecommons.org/licenses/by/4.0/",
    f"https://{CC}/publicdomain/zero/1.0xyz",
    f"https://{CC}/publicdomain/zero/1.0/deeds",
    f"https://{CC}/publicdomain/zero/1.0//",
    f"https://{CC}/publicdomain/zero/2.0/",
    f"https://{CC}/publicdomain/zero/1x0/",
    f"https://{CC}/publicdomain/certification/1.0/us/",
    f"https://{CC}/publicdomain/zero/1.0/ ",
    "https://creativecommonsXorg/publicdomain/zero/1.0/",
    "https://wwwXcreativecommons.org/publicdomain/zero/1.0/",
    "https://rightsstatements.org/vocab/InC/1.0/",
]


@pytest.mark.parametrize("address", NO_LICENCES)
def test_other_addresses_name_no_licence(address: str) -> None:
    assert statement_license(address) is None


# Rights statements

RS = "rightsstatements.org"
TWELVE = {
    "InC": "all_rights_reserved",
    "InC-OW-EU": "orphan",
    "InC-RUU": "orphan",
    "InC-EDU": "restricted_license",
    "InC-NC": "restricted_license",
    "NoC-NC": "restricted_license",
    "NoC-CR": "restricted_license",
    "NoC-OKLR": "restricted_license",
    "NoC-US": "restricted_license",
    "NKC": "unknown",
    "CNE": "unknown",
    "UND": "unknown",
}


def test_the_table_has_the_twelve_statements_and_no_others() -> None:
    assert policy()["statements"] == {f"http://{RS}/vocab/{name}/1.0/": status for name, status in TWELVE.items()}


@pytest.mark.parametrize(("name", "status"), TWELVE.items())
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", [RS, f"www.{RS}"])
@pytest.mark.parametrize("place", ["vocab", "page"])
@pytest.mark.parametrize("end", ["", "/", "/?language=ko", "?language=ko", "/?"])
def test_a_statement_stands_for_a_status(name: str, status: str, scheme: str, host: str, place: str, end: str) -> None:
    address = f"{scheme}://{host}/{place}/{name}/1.0{end}"
    assert (statement_name(address), statement_status(address)) == (name, status)


@pytest.mark.parametrize(
    "address",
    [
        "",
        RS,
        f"https://{RS}/",
        f"https://{RS}/vocab/InC/2.0/",
        f"https://{RS}/vocab/InC/1x0/",
        f"https://{RS}/vocab/InC/1.0/x",
        f"https://{RS}/vocab/InC/1.0/ ",
        f" https://{RS}/vocab/InC/1.0/",
        f"https://{RS}/vocab/inc/1.0/",
        f"https://{RS}/vocab/INC/1.0/",
        f"https://{RS}/vocab/InC-XX/1.0/",
        f"https://{RS}/vocab/1nC/1.0/",
        f"https://{RS}/data/InC/1.0/",
        f"https://{RS}/InC/1.0/",
        f"ftp://{RS}/vocab/InC/1.0/",
        f"https://{RS}.reeds.example/vocab/InC/1.0/",
        f"https://en.{RS}/vocab/InC/1.0/",
        "https://rightsstatementsXorg/vocab/InC/1.0/",
        "https://wwwXrightsstatements.org/vocab/InC/1.0/",
        f"https://{CC}/licenses/by/4.0/",
    ],
)
def test_other_addresses_stand_for_no_status(address: str) -> None:
    assert statement_status(address) is None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("vocab/InC-XX/1.0/", "InC-XX"),
        ("page/inc/1.0/?language=ko", "inc"),
        ("vocab/1nC/1.0/", None),
        ("vocab/I/1.0/", None),
        ("vocab/ABCDEFGHIJKLM/1.0/", None),
        ("vocab/InC/2.0/", None),
        ("data/InC/1.0/", None),
    ],
)
def test_a_statement_has_a_name_even_where_it_is_none_of_the_twelve(path: str, name: str | None) -> None:
    assert statement_name(f"https://{RS}/{path}") == name
    assert statement_status(f"https://{RS}/{path}") is None
