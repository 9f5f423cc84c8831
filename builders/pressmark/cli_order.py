"""The commands in the order of the work, each imported when it is asked for: help and completion need none of them."""

import difflib
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from pressmark.cli_options import STOPPED
from pressmark.engine.give_back import keep_little

SECTIONS = {
    "Begin": {
        "init": "Begin a corpus: recipe, source file, and how articles are read.",
        "check": "Look at recipe, sources and a sample of inputs; writes nothing.",
        "fetch": "Bring home what a corpus reads from datasets of the Hub.",
    },
    "Rights": {
        "decide": "Record a person's decision; shows first what it would open.",
        "why": "Say why an article appears or does not, from the evidence on.",
    },
    "Build and look": {
        "build": "Turn a corpus into release folders, one for each line.",
        "report": "Write one page to look at: what is in it, what was refused.",
        "verify": "Check from outside that a release adds up.",
        "diff": "Say what changed between releases, and the version for that.",
        "duplicates": "Show the near copies of an article side by side.",
        "explain": "Say what a finding means and what to do.",
        "cache": "Show, trim or clear what builds keep.",
    },
    "Publish": {
        "card": "Put words of your own on the dataset card.",
        "rehearse": "Publish to a Hub on this machine, and read it back.",
        "publish": "Publish on the Hub: one commit, one tag, read back.",
        "hub": "Serve a Hub on this machine.",
    },
    "Take back": {
        "withdraw": "Take articles back for good, from the next build on.",
        "restore": "Lift a withdrawal, by the name of its tombstone.",
        "takedown": "Carry withdrawals through the Hub: plan, apply, verify.",
    },
    "Read": {
        "hydrate": "Fill withheld texts in from your own lawful copies.",
    },
}
"""Each command with a line that fits 80 columns."""


_HOMES = {
    "init": "cli_init:init_command",
    "check": "cli_build:check_command",
    "fetch": "cli_hub:fetch_command",
    "decide": "cli_rights:decide_command",
    "why": "cli_rights:why_command",
    "build": "cli_build:build_command",
    "report": "cli_report:report_command",
    "verify": "cli_verify:verify_command",
    "diff": "cli_history:diff_command",
    "duplicates": "cli_duplicates:duplicates_command",
    "explain": "cli_explain:explain_command",
    "cache": "cli_cache:cache_command",
    "card": "cli_card:card_group",
    "rehearse": "cli_publish:rehearse_command",
    "publish": "cli_publish:publish_command",
    "hub": "cli_hub:hub_group",
    "withdraw": "cli_withdraw:withdraw_command",
    "restore": "cli_withdraw:restore_command",
    "takedown": "cli_takedown:takedown_group",
    "hydrate": "cli_hydrate:hydrate_command",
}
"""Where each command is defined."""

_LARGE = ("build", "verify")
"""Commands that read everything there is."""


class InOrder(click.Group):
    """A group whose help lists its commands in their sections."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """Return the names of the commands in their order."""
        return [name for section in SECTIONS.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as click calls it
        """Return a command, or None where there is none of that name."""
        if cmd_name not in _HOMES:
            return None
        module, _, name = _HOMES[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"pressmark.{module}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for, or say which may be meant by one that there is not."""
        # click itself looks among commands that are made already; here none is before it is asked for.
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            close = difflib.get_close_matches(name, known)
            meant = f" Did you mean {' or '.join(close)}?" if close else ""
            ctx.fail(f"No such command {name!r}.{meant}")
        if name in _LARGE:
            keep_little()  # before the command is imported, and Arrow with it
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Carry out a command; one that Ctrl-C ends while it is loaded says so as one that is at work."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
            ctx.exit(STOPPED)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options that begin so."""
        told = {name: words for section in SECTIONS.values() for name, words in section.items()}
        commands = [CompletionItem(name, help=words) for name, words in told.items() if name.startswith(incomplete)]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each section with its commands."""
        width = max(map(len, self.list_commands(ctx)))
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), words) for name, words in section.items()])
