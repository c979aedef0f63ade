"""The page that goes beside a drafted skeleton: what it rests on, for whoever reviews it."""

from __future__ import annotations

from slackincidents.drafting.draft import DraftedSkeleton, Unsettled

ENDING = ".notes.md"
"""Of the page's file name, after the skeleton's own."""


def notes(drafted: DraftedSkeleton, text: str, model_name: str) -> str:
    """The page in Markdown. It ends with the description that was given."""
    usage = drafted.usage
    asked = [one for one in drafted.unsettled if one.by == "model"]
    filled = [one for one in drafted.unsettled if one.by != "model"]
    return "\n".join(
        [
            f"# {drafted.skeleton.id}: notes on the draft",
            "",
            f"Drafted with {model_name}: {usage.calls} calls, {usage.tokens:,} tokens, {drafted.rounds} corrections.",
            f"Planned, written and checked with {drafted.seeds} seeds. Review what follows before you rely on it.",
            "",
            "## Not said in the description, and assumed by the model",
            "",
            *_lines(asked),
            "",
            "## Left open, and taken from defaults",
            "",
            *_lines(filled),
            "",
            "## The description",
            "",
            *(f"    {line}".rstrip() for line in text.strip().splitlines()),
            "",
        ]
    )


def _lines(open_: list[Unsettled]) -> list[str]:
    return [f"- {told(one)}" for one in open_] or ["Nothing."]


def told(one: Unsettled) -> str:
    """One open thing as a line."""
    return f"{' '.join(one.what.split())}: {' '.join(one.assumed.split())}"
