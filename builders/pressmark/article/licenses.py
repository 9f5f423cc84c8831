"""Licences as SPDX expressions, and the addresses of rights statements.

Sources: SPDX specification 2.3, annex D (expressions, NONE, NOASSERTION, LicenseRef); rightsstatements.org, the twelve
statements of version 1.0; creativecommons.org, addresses of licences and deeds.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from license_expression import ExpressionError, LicenseWithExceptionSymbol, Licensing, get_spdx_licensing

from pressmark.article.policy import policy

NONE, NOASSERTION = "NONE", "NOASSERTION"
"""Somebody looked and there is no licence; nobody looked."""

_OWN = re.compile("(LicenseRef-|DocumentRef-[A-Za-z0-9.-]+:LicenseRef-)[A-Za-z0-9.-]+")
_PAGE = r"(?:/(?:(?:legalcode|deed)(?:[._-][A-Za-z._-]*)?)?)?"
_CC_LICENSE = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/licenses/(by(?:-nc)?(?:-nd|-sa)?)/([0-9]\.[0-9])"
    rf"(?:/([a-z]{{2,3}})(?=/|$))?{_PAGE}"
)
_CC_PUBLIC = re.compile(rf"https?://(?:www\.)?creativecommons\.org/publicdomain/(zero|mark)/1\.0{_PAGE}")
_STATEMENT = re.compile(r"https?://(?:www\.)?rightsstatements\.org/(?:vocab|page)/([A-Za-z-]{2,12})/1\.0/?(?:\?.*)?")


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()


@cache
def normal_license(expression: str) -> str | None:
    """Return an SPDX licence expression in its canonical form, or None where it is none.

    Identifiers have to be on the SPDX list, or be a `LicenseRef-`, which no list has. `NONE` and `NOASSERTION` stand
    alone.
    """
    if expression in (NONE, NOASSERTION):
        return expression
    parsed = _parsed(expression)
    return str(parsed.render("{symbol.key}")) if parsed is not None else None


def _parsed(expression: str) -> Any:
    try:
        parsed = _licensing().parse(expression)
    except (ExpressionError, AttributeError, TypeError, IndexError, AssertionError):
        # The parser raises the others where operators or parentheses stand without anything between them.
        return None
    if parsed is None or not all(map(_known, _licensing().license_symbols(parsed, decompose=False))):
        return None
    return parsed


def _known(symbol: Any) -> bool:
    if isinstance(symbol, LicenseWithExceptionSymbol):
        return _known(symbol.license_symbol) and bool(symbol.exception_symbol.is_exception)
    listed = symbol.key in _licensing().known_symbols and not symbol.is_exception
    return listed or bool(_OWN.fullmatch(symbol.key))


@cache
def _alternatives(expression: str) -> tuple[frozenset[str], ...]:
    """Return the choices that an expression leaves, each the identifiers that apply together."""
    parsed = _parsed(expression)
    return tuple(_choices(parsed)) if parsed is not None else ()


def _choices(parsed: Any) -> list[frozenset[str]]:
    operator = getattr(parsed, "operator", "").strip()
    if operator == "OR":
        return [choice for part in parsed.args for choice in _choices(part)]
    if operator == "AND":
        together: list[frozenset[str]] = [frozenset()]
        for part in parsed.args:
            together = [choice | other for choice in together for other in _choices(part)]
        return together
    if isinstance(parsed, LicenseWithExceptionSymbol):
        return [frozenset({str(parsed)})]
    return [frozenset({parsed.key})]


def satisfies(expression: str | None, holds: Callable[[str], bool]) -> bool:
    """Tell whether an expression leaves a choice of which every identifier meets a condition.

    `A OR B` is met by one of them, `A AND B` by both alone.
    """
    choices = _alternatives(expression) if expression else ()
    return any(all(map(holds, choice)) for choice in choices)


def statement_license(address: str) -> str | None:
    """Return the SPDX identifier of the address of a Creative Commons licence or dedication, or None."""
    public = _CC_PUBLIC.fullmatch(address)
    if public:
        return {"zero": "CC0-1.0", "mark": "CC-PDM-1.0"}[public[1]]
    license_ = _CC_LICENSE.fullmatch(address)
    if license_ is None:
        return None
    port = f"-{license_[3].upper()}" if license_[3] else ""
    return normal_license(f"CC-{license_[1].upper()}-{license_[2]}{port}")


def statement_name(address: str) -> str | None:
    """Return the name of a statement of rightsstatements.org, such as `InC`, or None where it is none."""
    found = _STATEMENT.fullmatch(address)
    return found[1] if found else None


def statement_status(address: str) -> str | None:
    """Return the status that a statement of rightsstatements.org stands for, or None where it is none of the twelve."""
    status: str | None = policy()["statements"].get(f"http://rightsstatements.org/vocab/{statement_name(address)}/1.0/")
    return status
