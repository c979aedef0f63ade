"""A model for tests: it says back what the prompt says is to be said."""

from __future__ import annotations

import json
import re

from tests.chat.server import Question

BEAT = re.compile(r"^(b\d{3}) [^\n]*?: ([^\n]*)$", re.M)
ASIDE = re.compile(r"\s*[\[(].*$")


def dull(question: Question) -> str:
    """A text for every beat asked for, in the prompt's own words."""
    prompt = question.messages[-1].content
    lines = dict(BEAT.findall(prompt))
    wanted = re.findall(r"b\d{3}", prompt.rstrip().rpartition("\n")[2])
    said = [{"beat": beat, "text": ASIDE.sub("", lines.get(beat, "ok")) or "ok"} for beat in wanted]
    return json.dumps({"lines": said})
