"""Slack exports, ours and real ones: a ZIP or an unpacked folder in, incident records out."""

from slackincidents.archive.answers import AnswerFile, AnswerKey, blind
from slackincidents.archive.reader import holds_archive, read
from slackincidents.archive.sources import Limits

__all__ = ["AnswerFile", "AnswerKey", "Limits", "blind", "holds_archive", "read"]
