"""The commands in the order of the work, for those who ask for help."""

import click

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


class InOrder(click.Group):
    """A group whose help lists its commands in their sections."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in their order."""
        known = [name for section in SECTIONS.values() for name in section]
        return [*known, *(name for name in super().list_commands(ctx) if name not in known)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each section with its commands."""
        width = max(map(len, self.list_commands(ctx)))
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), words) for name, words in section.items()])
