"""Values as YAML and back: the same value gives the same bytes."""

from __future__ import annotations

from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from slackincidents.errors import BadFile
from slackincidents.schema.faults import first_fault

Model = TypeVar("Model", bound=BaseModel)

WIDTH = 110


class _Blocks(yaml.SafeDumper):
    """Texts of several lines stay as they are read."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Blocks.add_representer(str, _text)


def written(value: BaseModel) -> str:
    """A value as YAML, fields in their order, what is unset left out."""
    plain = value.model_dump(mode="json", by_alias=True, exclude_none=True)
    text: str = yaml.dump(plain, Dumper=_Blocks, sort_keys=False, allow_unicode=True, width=WIDTH)
    return text


def read(text: str, model: type[Model], name: str = "the text") -> Model:
    """What YAML holds. Raises BadFile naming place and reason."""
    try:
        return model.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise BadFile(f"{name} is not YAML: {reason}", "Mend it there.") from None
    except ValidationError as error:
        raise BadFile(f"{name}: {first_fault(error)}", "Write it again from the incident.") from None
