"""`python -m pressmark` is the command line."""

from pressmark.cli import main

main(prog_name="pressmark")
