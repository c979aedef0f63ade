"""A folder of incidents that one call makes: what it was asked for, and what of it is there already."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from slackincidents.errors import OtherRun
from slackincidents.files import read_text, write_text
from slackincidents.schema.base import Frozen

NAME = ".slackincidents-run"
UNFINISHED = ".*.part"
"""Files that were being written when a run was killed."""


class Asked(Frozen):
    """How a model is asked."""

    model: str
    endpoint: str
    granularity: str
    temperature: float | None
    prompts_sha256: str


class RunSettings(Frozen):
    """All that decides what a run writes. Two runs with equal settings write the same files."""

    version: str
    scenario: str
    first_seed: int
    variants: int
    start_time: str | None
    engineers: dict[str, tuple[str, ...]]
    change: dict[str, str]
    pace: str
    format: str
    skeletons_sha256: str
    library_sha256: str
    writer: str
    strict: bool
    asked: Asked | None = None


def begin(folder: Path, settings: RunSettings) -> None:
    """Note in the folder what is being made there."""
    write_text(folder / NAME, settings.model_dump_json(indent=2) + "\n")


def go_on(folder: Path, settings: RunSettings) -> None:
    """Check that the folder holds this very run, or nothing, and clear away what a killed run was writing.

    Raises OtherRun with the first field that differs.
    """
    path = folder / NAME
    if not path.exists():
        if folder.is_dir() and any(folder.iterdir()):
            raise OtherRun(f"{folder} holds files, but not a run that can be resumed", "Name an empty folder.")
        return
    try:
        before = RunSettings.model_validate_json(read_text(path))
    except ValidationError as error:
        field = error.errors()[0]["loc"]
        raise OtherRun(f"{path} cannot be read at {'.'.join(map(str, field))}", "Name an empty folder.") from None
    then, now = _flat(before), _flat(settings)
    for name in now | then:
        if then.get(name) != now.get(name):
            raise OtherRun(
                f"{folder} was made with {name} {then.get(name, 'none')}, now it is {now.get(name, 'none')}",
                "Ask for the same again, or name another folder.",
            )
    for part in folder.glob(UNFINISHED):
        part.unlink(missing_ok=True)


def _flat(settings: RunSettings) -> dict[str, str]:
    """Every field as text, those of the model among them."""
    own = {name: _shown(getattr(settings, name)) for name in RunSettings.model_fields if name != "asked"}
    asked = settings.asked
    return own | ({name: _shown(getattr(asked, name)) for name in Asked.model_fields} if asked else {})


def _shown(value: object) -> str:
    return "none" if value is None else f"{value!r}" if isinstance(value, str) else f"{value}"
