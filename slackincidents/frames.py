"""An incident as a pandas table. pandas is optional: pip install 'slackincidents[notebook]'."""

from __future__ import annotations

from slackincidents.errors import UsageError
from slackincidents.incident import Incident, Message

try:
    import pandas
except ImportError:  # an extra; to_frame says so when it is called
    _HAS_PANDAS = False
else:
    _HAS_PANDAS = True


def to_frame(incident: Incident) -> pandas.DataFrame:
    """One row an event, in file order; `at` is a time with zone. Raises UsageError without pandas."""
    if not _HAS_PANDAS:
        raise UsageError("a table needs pandas", "Install it: pip install 'slackincidents[notebook]'")
    rows = [message.model_dump() for message in incident.messages()]
    frame = pandas.DataFrame(rows, columns=list(Message.model_fields))
    frame["at"] = pandas.to_datetime(frame["at"], utc=True, format="ISO8601")
    frame["thread"] = frame["thread"].astype("Int64")
    return frame.set_index("index")
