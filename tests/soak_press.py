"""The command line with its imports done: `python -m soak_press` forks once for each order that it reads.

A build of a small corpus is two thirds imports. Soaks build some thousand times, so those that need no interpreter of
their own come here. An order is one JSON line; the answers are the process's id, then its exit code.
"""

import json
import os
import pkgutil
import resource
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import pressmark
from pressmark.article.contract import prove_formats
from pressmark.cache import code_digest
from pressmark.cli import main
from pressmark.engine import local

_NEEDS_MORE = ("pressmark.engine.ray", "pressmark.engine.nodes", "pressmark.engine.cluster", "pressmark.__main__")


def _all_of_it() -> None:
    for module in pkgutil.walk_packages(pressmark.__path__, "pressmark."):
        if module.name not in _NEEDS_MORE:
            import_module(module.name)
    import_module("pandas")  # which pyarrow imports once it is asked for Python's values
    code_digest()
    prove_formats()


def _carry_out(order: dict[str, Any]) -> NoReturn:
    os.setpgid(0, 0)
    os.chdir(order["cwd"])
    os.environ.update(order["env"])
    for number, name in enumerate(("in", "out", "err")):
        flags = os.O_RDONLY if name == "in" else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        opened = os.open(order[name], flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    if order["at_once"]:
        # Other processes are there from the first task on, however little there is to do.
        local.SECONDS_ALONE = local.SECONDS_STARTING = 0.0
    if order["gate"]:
        # Whoever watches this process is there once somebody writes.
        Path(order["gate"]).read_bytes()
    if order["memory"] is not None:
        most = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (most + order["memory"],) * 2)
    code: Any = 0
    try:
        main(order["arguments"], prog_name="pressmark")
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0)


def serve() -> None:
    """Carry out orders until there are no more."""
    _all_of_it()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        process = os.fork()
        if not process:
            _carry_out(json.loads(line))
        print(process, file=answers, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


if __name__ == "__main__":
    serve()
