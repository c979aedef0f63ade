"""Writers: they turn a plan's beats into text, and nothing else."""

from slackincidents.writer.base import Writer
from slackincidents.writer.offline import OfflineWriter

__all__ = ["OfflineWriter", "Writer"]
