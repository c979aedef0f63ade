"""An incident as plain text, Markdown or one self-contained HTML page."""

from slackincidents.render.markdown import to_markdown
from slackincidents.render.page import fragment, to_html
from slackincidents.render.text import to_text

__all__ = ["fragment", "to_html", "to_markdown", "to_text"]
