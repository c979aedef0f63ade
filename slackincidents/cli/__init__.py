"""The command line: one file a verb. Typer and rich are known here and nowhere else."""

from slackincidents.cli.app import main

__all__ = ["main"]
