"""A history as a web site that needs no server: a calendar, every channel day by day, every incident, and search."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from functools import cache
from itertools import chain
from pathlib import Path

from jinja2.sandbox import ImmutableSandboxedEnvironment

from slackincidents.render import room
from slackincidents.render.environment import pages
from slackincidents.render.key import Chip
from slackincidents.render.room import entries
from slackincidents.render.views import Message, Page, page_view
from slackincidents.schema.incident import IncidentRecord
from slackincidents.sinks.export_ids import channel_names
from slackincidents.workspace.out_folder import put, whole_folder
from slackincidents.workspace.out_history import History, Is, kind_of, ref
from slackincidents.workspace.out_search import Index
from slackincidents.workspace.out_site_views import DayCount, Line, RoomLine, key_chips, line, months, tone
from slackincidents.workspace.out_spool import Spool, spool

MARK = "data/about.js"
"""What every site has."""

INCIDENTS = "/incidents"
_TEMPLATES = Path(__file__).parent / "templates"
_ANCHOR = re.compile(r'href="#(c\d+)"')
_FILE = re.compile(r"[\w.-]{1,80}")


def write(history: History, path: Path, *, overwrite: bool = False) -> Path:
    """Write the site into a folder; `index.html` is its front. The same history gives the same bytes.

    Raises OutputExists, UsageError, WriteFailed; BadFile for a shard that cannot be read.
    """
    with whole_folder(path, MARK, overwrite=overwrite) as fresh, spool() as kept:
        site = _Site(history, fresh, kept, Index(kept))
        for number, record in enumerate(history.records(), 1):
            site.add(number, record)
        site.finish()
    return path


@dataclass
class _Site:
    """The site while it is made: pages of incidents at once, all other pages from what was put aside."""

    history: History
    folder: Path
    kept: Spool
    index: Index
    counts: dict[str, DayCount] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)

    def add(self, number: int, record: IncidentRecord) -> None:
        """Take in one record."""
        kind, page = kind_of(record), page_view(record, record.people)
        day = record.started_at.astimezone(UTC).date().isoformat()
        counted = self.counts.setdefault(day, DayCount())
        counted.kinds[kind] += 1
        named = ""
        if kind is Is.INCIDENT:
            named = _file_name(record, number)
            counted.tones[tone(room.severity(record))] += 1
            self.kept.put(INCIDENTS, day, number, line(record, named).model_dump_json().encode())
            self._incident(named, day, page)
        self._messages(number, record, page, named)

    def _incident(self, named: str, day: str, page: Page) -> None:
        first = sorted(page.rooms, key=lambda here: here.anchor != page.first)
        made = _render("site_incident.html.j2", page=page, ref=named, date=day, rooms=first, tone=tone(page.severity))
        put(self.folder / "i" / f"{named}.html", [made.encode()])

    def _messages(self, number: int, record: IncidentRecord, page: Page, named: str) -> None:
        """Put every top-level message aside, its thread with it, and note the words of all."""
        texts = {entry.index: entry.event.text for entry in entries(record)}
        slug_of = {here.anchor: self._slug(name) for here, name in zip(page.rooms, room.channels(record), strict=True)}
        chips = key_chips(record)
        for here in page.rooms:
            for message in here.messages:
                day = message.at.astimezone(UTC).date().isoformat()
                key = chips if message.card and not message.system else ()
                made = _linked(self._shown(message, number, named, key), slug_of)
                slug = slug_of[here.anchor]
                self.kept.put(slug, day, _place(message, number), made.encode())
                for one in (message, *message.replies):
                    at = f"{one.at.astimezone(UTC):%Y-%m-%dT%H:%M}"
                    self.index.add(slug, f"{day}.html#x{number}-{one.index}", at, one.who.name, texts[one.index])

    def _shown(self, message: Message, number: int, named: str, key: tuple[Chip, ...]) -> str:
        of = f"../../i/{named}.html" if named else ""
        whole = replace(message, joined=False)
        return _render("site_message.html.j2", message=whole, prefix=f"x{number}-", of=of, key=key)

    def _slug(self, channel: str) -> str:
        if channel not in self.slugs:
            self.slugs[channel] = channel_names([channel])[channel]
        return self.slugs[channel]

    def finish(self) -> None:
        """Write the pages of channels and days, the calendar, the search and the look."""
        listed, by_day = [], dict[str, list[tuple[str, int]]]()
        for slug in sorted(self.slugs.values()):
            days = list(self.kept.folders(slug))
            listed.append((RoomLine(slug, sum(count for _, count in days)), len(days)))
            self._channel(slug, days)
            for day, count in days:
                by_day.setdefault(day, []).append((slug, count))
        self._days(by_day)
        self._front([one for one, _ in listed])
        self.index.write(self.folder / "data")
        for asset in ("site.css", "site.js"):
            put(self.folder / asset, [(_TEMPLATES / asset).read_bytes()])

    def _channel(self, slug: str, days: list[tuple[str, int]]) -> None:
        home = self.folder / "c" / slug
        put(home / "index.html", [_render("site_channel.html.j2", slug=slug, days=days).encode()])
        names = [day for day, _ in days]
        for place, day in enumerate(names):
            head = _render(
                "site_room.html.j2", slug=slug, date=day, long=_long(day), before=_at(names, place - 1),
                after=_at(names, place + 1),
            )  # fmt: skip
            parts = chain([head.encode()], self.kept.pieces(slug, day), [_render("site_room_end.html.j2").encode()])
            put(home / f"{day}.html", parts)

    def _days(self, by_day: dict[str, list[tuple[str, int]]]) -> None:
        order = self.history.making.order
        calendar = [cell.date for month in months(order, self.counts) for cell in month.days]
        names = sorted({*calendar, *by_day})
        for place, day in enumerate(names):
            made = _render(
                "site_day.html.j2",
                date=day,
                long=_long(day),
                opening=self.counts.get(day, DayCount()).opening(),
                before=_at(names, place - 1),
                after=_at(names, place + 1),
                incidents=[Line.model_validate_json(row) for row in self.kept.pieces(INCIDENTS, day)],
                rooms=by_day.get(day, []),
            )
            put(self.folder / "days" / f"{day}.html", [made.encode()])

    def _front(self, listed: list[RoomLine]) -> None:
        making, whole = self.history.making, DayCount()
        for counted in self.counts.values():
            whole.kinds.update(counted.kinds)
        made = _render(
            "site_index.html.j2",
            title=f"{making.order.days} days of incidents",
            opening=f"{whole.opening()}; {self.index.count:,} messages. Simulated, seed {making.order.seed}, UTC.",
            months=months(making.order, self.counts),
            rooms=[one for one in listed if not one.slug.startswith("inc-")],
            short=[one for one in listed if one.slug.startswith("inc-")],
        )
        put(self.folder / "index.html", [made.encode()])


def _file_name(record: IncidentRecord, number: int) -> str:
    name = ref(record) or ""
    return name if _FILE.fullmatch(name) else f"incident-{number}"


def _place(message: Message, number: int) -> int:
    """Sorts by time, then by record and place in it; below 2**63 for every date that Slack has."""
    seconds = round(message.at.timestamp())
    return (seconds << 28) + ((number & 0xFFFF) << 12) + (message.index & 0xFFF)


def _linked(made: str, slugs: dict[str, str]) -> str:
    """The fragment with its links to channels led to their pages."""
    return _ANCHOR.sub(lambda match: f'href="../{slugs[match[1]]}/index.html"', made)


def _at(names: list[str], place: int) -> str:
    return names[place] if 0 <= place < len(names) else ""


def _long(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found:%A}, {found.day} {found:%B %Y}"


def _render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return pages(_TEMPLATES)
