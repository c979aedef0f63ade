"""Prompts: the templates with a plan's values in them. Text that does not change goes first."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from slackincidents.chat.base import Message
from slackincidents.library import Library
from slackincidents.schema.draft import Variation
from slackincidents.schema.plan import Plan
from slackincidents.writer.banks import Banks
from slackincidents.writer.base import FIRST, Complaints
from slackincidents.writer.briefs import Brief, Briefs, Line
from slackincidents.writer.rooms import Room, Rooms, Texts, around
from slackincidents.writer.scenes import Granularity, Scene, by_model, scenes
from slackincidents.writer.templates import Templates

USED_UP = 20
OPENING = 6
"""Lines of earlier wordings that are shown, and words of each."""

AROUND = 3
"""Lines of its channel that are shown before a line that is to be mended."""

TEMPLATES: dict[Granularity, str] = {
    "scene": "scene/scene.j2",
    "turn": "scene/turn.j2",
    "incident": "scene/incident.j2",
}
PLAIN = (Brief, Line, Room)
"""What templates read most."""

DEFAULT_STYLE = "persona/default.j2"


def style_template(style: str, known: Container[str]) -> str:
    """The template of a style: its own name, else one of its words, else the default."""
    words = style.lower().replace(",", " ").split()
    candidates = (f"persona/{name}.j2" for name in ("-".join(words), *words) if name != "card")
    return next((name for name in candidates if name in known), DEFAULT_STYLE)


class Prompts:
    """All prompt templates of a library, compiled once."""

    def __init__(self, templates: Templates, banks: Banks) -> None:
        """Prompts from these templates. Raises BadFile when the rules cannot be rendered."""
        self._templates = templates
        self._banks = banks
        self._rules = templates.render("scene/system.j2", {})
        self.sha256 = templates.sha256

    @classmethod
    def of(cls, library: Library | None = None) -> Prompts:
        """The prompts of a library; without one, those of the user's folder and ours. Raises BadFile."""
        shelf = library or Library.from_environment()
        return cls(Templates(shelf, PLAIN), Banks(shelf.phrases))

    def session(self, plan: Plan, variation: Variation = FIRST) -> PromptSession:
        """The prompts of one plan and wording; what its calls share is worked out once."""
        return PromptSession(self._templates, self._rules, self._banks, plan, variation)


class PromptSession:
    """The prompts of one plan and wording."""

    def __init__(self, templates: Templates, rules: str, banks: Banks, plan: Plan, variation: Variation) -> None:
        """Nothing is rendered yet."""
        self._templates = templates
        self._rules = rules
        self._plan = plan
        self._index = {beat.id: place for place, beat in enumerate(plan.beats)}
        self._briefs = Briefs(plan, variation.name, banks)
        self._rooms = Rooms(plan, self._briefs)
        self._used_up = tuple(" ".join(line.split()[:OPENING]) for line in variation.used_up[-USED_UP:])
        self._systems: dict[str, Message] = {}

    def scenes(self, granularity: Granularity = "scene") -> tuple[Scene, ...]:
        """Everything a model is asked to write, in time order."""
        return scenes(self._plan, granularity)

    def scene(self, scene: Scene, texts: Texts) -> tuple[Message, ...]:
        """What is sent for a scene of any granularity. `texts`: beat id -> text of what was written so far."""
        who = scene.parts[0].speakers[0] if scene.granularity == "turn" else ""
        asked = frozenset(scene.ids)
        rooms = tuple(self._rooms.of(part, asked, texts) for part in scene.parts)
        return self._messages(TEMPLATES[scene.granularity], rooms, scene.ids, who)

    def revision(self, ids: Sequence[str], texts: Texts, complaints: Complaints) -> tuple[Message, ...]:
        """What is sent to have these beats written again; `texts` holds their old text and all others."""
        wanted = [self._plan.beats[place] for place in sorted({self._index[one] for one in ids})]
        asked = frozenset(beat.id for beat in wanted)
        rooms = []
        for channel in dict.fromkeys(beat.channel for beat in wanted):
            room = self._rooms.of(around(self._plan, channel, wanted, AROUND), asked, texts)
            lines = tuple(_mended(line, texts, complaints) for line in room.lines)
            rooms.append(replace(room, lines=lines))
        return self._messages("scene/revision.j2", tuple(rooms), tuple(beat.id for beat in wanted), "")

    def _messages(self, template: str, rooms: tuple[Room, ...], ids: tuple[str, ...], who: str) -> tuple[Message, ...]:
        values = {"parts": rooms, "ids": ids, "who": who, "used_up": self._used_up}
        return self._system(who), Message(role="user", content=self._templates.render(template, values))

    def _system(self, who: str) -> Message:
        """Rules, services and people: the same for every call of an incident, in `turn` of a person."""
        if who not in self._systems:
            handles = [who] if who else _cast(self._plan)
            values = {"services": _services(self._plan), "cards": [self._card(handle) for handle in handles]}
            setting = self._templates.render("scene/setting.j2", values)
            self._systems[who] = Message(role="system", content=f"{self._rules}\n\n{setting}")
        return self._systems[who]

    def _card(self, handle: str) -> str:
        persona = self._plan.people[handle]
        style = style_template(persona.style, self._templates)
        return self._templates.render("persona/card.j2", {"handle": handle, "persona": persona, "style": style})


def _mended(line: Brief | Line, texts: Texts, complaints: Complaints) -> Brief | Line:
    if isinstance(line, Line):
        return line
    return replace(line, old=texts.get(line.id, ""), wrong=tuple(complaints.get(line.id, ())))


def _cast(plan: Plan) -> list[str]:
    """Everybody who speaks; those on call for the services first, so that incidents of a scenario begin alike."""
    speaking = {beat.speaker for beat in plan.beats if by_model(beat)}
    crews = (plan.catalogue.services[name].engineers for name in sorted(plan.skeleton.services))
    usual = dict.fromkeys(handle for crew in crews for handle in crew)
    return [handle for handle in (*usual, *sorted(speaking - usual.keys())) if handle in speaking]


def _services(plan: Plan) -> list[Mapping[str, object]]:
    """The services of a scenario as everybody knows them."""
    found = ((name, plan.catalogue.services[name]) for name in sorted(plan.skeleton.services))
    return [
        {"name": name, "channel": one.channel, "technology": one.technology, "aliases": one.aliases}
        for name, one in found
    ]
