"""`python -m pressmark`, and `pressmark`, are the command line."""

import signal

# While it is loaded there is nothing to put in order yet: Ctrl-C ends it as it ends any program, without a traceback.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from pressmark.cli import main

if __name__ == "__main__":
    main(prog_name="pressmark")
