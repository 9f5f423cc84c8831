"""The command `explain`."""

import click

from pressmark import report
from pressmark.cli_options import FINE, errors_in_words, json_option
from pressmark.findings import CATALOGUE, explain


def _begun_codes(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    return [code for code in CATALOGUE if code.startswith(begun)]


@click.command(name="explain")
@click.argument("code", required=False, shell_complete=_begun_codes)
@json_option
@errors_in_words
def explain_command(code: str | None, as_json: bool) -> int:  # noqa: FBT001 - click passes flags so
    """Say what the code of a finding means and what to do; without a code, list all of them.

    \b
    Example:
      pressmark explain wrong-encoding
    """
    if code is not None and code not in CATALOGUE:
        close = report.nearest_code(code)
        raise click.UsageError(f"there is no code {code!r}{close}")
    codes = [explain(code)] if code else list(CATALOGUE.values())
    if as_json:
        report.as_json([report.code_data(each) for each in codes])
    elif code:
        report.explained(codes[0])
    else:
        report.listed(codes)
    return FINE
