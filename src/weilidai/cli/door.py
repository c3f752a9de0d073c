"""Starting a command and ending it: errors become one message and an exit code, signals become theirs."""

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType
from typing import Final, NoReturn

from weilidai.cli.app import app
from weilidai.errors import ResourceError, WeilidaiError

DEBUG: Final = "--debug"
TERMINATED: Final = 128 + signal.SIGTERM
STOPPED: Final = {128 + signal.SIGINT: "stopped by Ctrl-C", TERMINATED: "stopped by the system"}
"""Exit codes of signals, and what is said then."""
_CURES: Final = ("look at the free space and the permissions, here and in the folder for temporary files",
                 "take fewer people, or a larger machine")  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave the process with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    is_debug = DEBUG in given
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app([word for word in given if word != DEBUG], prog_name="weilidai")
        code = 0
    except WeilidaiError as error:
        code = _tell(error, error.exit_code, str(error), is_debug=is_debug)
    except SystemExit as left:
        code = int(left.code or 0)
        if code in STOPPED:
            sys.stderr.write(f"{STOPPED[code]}\n")
    except BrokenPipeError:
        code = _reader_left()
    except (OSError, MemoryError) as error:
        where, cure = str(getattr(error, "filename", "") or ""), _CURES[isinstance(error, MemoryError)]
        told = ResourceError(_system_fault(error), where=where, cure=cure)
        code = _tell(error, told.exit_code, str(told), is_debug=is_debug)
    except Exception as error:  # noqa: BLE001  # the last place: a defect of ours still ends in one message
        text = f"this is a defect of weilidai: {type(error).__name__}: {_first_line(error)}"
        code = _tell(error, 1, f"{text}\n  run the same command with {DEBUG} to see where", is_debug=is_debug)
    sys.exit(code)


def _tell(error: BaseException, code: int, text: str, *, is_debug: bool) -> int:
    if is_debug:
        traceback.print_exception(error)
    is_coloured = sys.stderr.isatty() and "NO_COLOR" not in os.environ
    word = "\x1b[1;31merror\x1b[0m" if is_coloured else "error"
    sys.stderr.write(f"{word}: {_printable(text)}\n")
    return code


def _printable(text: str) -> str:
    """Keep a terminal safe from what a file name or a value may carry."""
    return "".join(letter if letter.isprintable() or letter == "\n" else f"\\x{ord(letter):02x}" for letter in text)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:300]


def _system_fault(error: OSError | MemoryError) -> str:
    return "memory ran out" if isinstance(error, MemoryError) else (error.strerror or _first_line(error))


def _reader_left() -> int:
    # As when the output goes to `head`: nothing is wrong, and Python must not complain while it exits.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(TERMINATED)
