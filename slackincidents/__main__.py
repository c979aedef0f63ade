"""The command line as `python -m slackincidents`."""

from __future__ import annotations

import sys

from slackincidents.cli import main

if __name__ == "__main__":
    sys.exit(main())
