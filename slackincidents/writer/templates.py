"""Prompt templates: sandboxed, strict about names, compiled once; faults are told with file and line."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields

from jinja2 import FunctionLoader, StrictUndefined, Template, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from slackincidents.errors import BadFile
from slackincidents.files import read_text
from slackincidents.library import TEMPLATE_FOLDERS, Library

Source = tuple[str, str, Callable[[], bool]]
"""Text, file name, and whether it still stands."""

FAULTS = (TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What a template of a stranger's can raise when it is rendered."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, quick about values of ours that hold nothing but text and numbers."""

    def __init__(self, source: Callable[[str], Source | None], plain: Iterable[type]) -> None:
        super().__init__(
            loader=FunctionLoader(source),
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=-1,
        )
        self._fields = {one: frozenset(field.name for field in fields(one)) for one in plain}

    def getattr(self, obj: object, attribute: str) -> object:
        if attribute in self._fields.get(type(obj), ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


class Templates:
    """The templates of a library by name: ``scene/turn.j2``. The user's own come first."""

    def __init__(self, library: Library, plain: Iterable[type] = (), folders: Iterable[str] = TEMPLATE_FOLDERS) -> None:
        """Read all sources; each is compiled when it is first used. `plain`: dataclasses that hold text and numbers."""
        self._paths = library.templates(folders)
        self._sources = {name: read_text(path) for name, path in self._paths.items()}
        self._environment = _Sandbox(self._load, plain)

    @property
    def sha256(self) -> str:
        """The hash of all sources and their names, in hex."""
        whole = "\0".join(f"{name}\0{self._sources[name]}" for name in sorted(self._sources))
        return hashlib.sha256(whole.encode()).hexdigest()

    def __contains__(self, name: object) -> bool:
        return name in self._sources

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """A template with its values. Raises BadFile with file and line when it cannot be rendered."""
        try:
            return self._template(name).render(values).strip()
        except FAULTS as error:
            raise self._fault(name, error) from None

    def _template(self, name: str) -> Template:
        return self._environment.get_template(name)

    def _load(self, name: str) -> Source | None:
        if name not in self._sources:
            return None
        return self._sources[name], str(self._paths[name]), lambda: True

    def _fault(self, name: str, error: Exception) -> BadFile:
        place = str(self._paths.get(name, name))
        ours = {str(path) for path in self._paths.values()}
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in ours]
        if isinstance(error, TemplateSyntaxError):
            place = f"{error.filename or place}, line {error.lineno}"
        elif frames:
            place = f"{frames[-1].filename}, line {frames[-1].lineno}"
        what = f"no template {error.name!r}" if isinstance(error, TemplateNotFound) else str(error) or repr(error)
        return BadFile(f"{place}: {what}", "Mend it there, or remove it to get ours back.")
