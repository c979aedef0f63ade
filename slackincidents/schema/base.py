"""The base of every artefact: frozen, strict about unknown fields, no surprises."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0.0, le=1.0)]
"""A probability or a share, 0 to 1."""

Figure = Annotated[float, Field(allow_inf_nan=False)]
"""A number that is one: neither infinite nor NaN."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""A name as used in ids and file names: lower case, digits, single hyphens."""

Tellings = tuple[str, ...]
"""Ways to say one thing. ``(a|b)`` is a choice, ``{name}`` a slot; see docs/skeletons.md."""


class Frozen(BaseModel):
    """An immutable value. Unknown fields are errors, so that a misspelt key never passes."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
