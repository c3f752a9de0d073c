"""The command line: ``weilidai COMMAND``. Nothing heavy is imported before a command needs it."""

from weilidai.cli.door import main

__all__ = ["main"]
