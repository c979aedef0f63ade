"""What a posting would do, without any call: in the order of posting, or channel by channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from slackincidents.incident import Incident
from slackincidents.render.room import elapsed, span
from slackincidents.schema.delivery import Attachment, PostingOptions, Step
from slackincidents.sinks.names import target
from slackincidents.sinks.pacing import CHANNEL_GAP
from slackincidents.sinks.poster import prepared, starts
from slackincidents.sinks.steps import strangers

LONGEST = 100
"""Characters of a message in a list."""

Work = tuple[tuple[Incident, tuple[Step, ...]], ...]
"""Each incident with the steps of posting it."""


def work_of(incidents: Sequence[Incident], options: PostingOptions) -> Work:
    """The steps of every incident. Raises BadFile or Unsafe with everything that can be known without a call."""
    return tuple((incident, prepared(incident, options)) for incident in incidents)


def places(work: Work, options: PostingOptions) -> tuple[str, ...]:
    """The channels that would be posted to, by the names or ids they really have, first used first."""
    return tuple(dict.fromkeys(target(step.channel, options) for _, steps in work for step in steps))


def count(work: Work) -> int:
    """How many events there are to post."""
    return sum(len(steps) for _, steps in work)


def seconds(work: Work, options: PostingOptions) -> float:
    """About how long posting takes: the incidents' own time when it is kept, else what the pace allows."""
    each = [_seconds(steps, options) for _, steps in work]
    begins = starts([incident for incident, _ in work], options)
    if not begins:
        return sum(each)
    return max((begin + one for begin, one in zip(begins, each, strict=True)), default=0.0)


def _seconds(steps: Sequence[Step], options: PostingOptions) -> float:
    if options.realtime:
        return (max(step.at for step in steps) - min(step.at for step in steps)) / options.speed
    most = max(sum(step.channel == name for step in steps) for name in {step.channel for step in steps})
    return (len(steps) if options.test_channel else most) * CHANNEL_GAP


def summary(work: Work, options: PostingOptions) -> str:
    """``42 messages of 1 incident to 2 channels (#a, #b), in about 40 s``."""
    named = places(work, options)
    listed = ", ".join(f"#{name}" for name in named[:6]) + (f" and {len(named) - 6} more" if len(named) > 6 else "")
    many = f"{len(work)} incidents" if len(work) > 1 else work[0][0].scenario_id if work else "no incident"
    return (
        f"{count(work)} messages of {many} to {len(named)} channel{'s' if len(named) != 1 else ''} ({listed}), "
        f"in about {span(seconds(work, options))}"
    )


def notes(work: Work, options: PostingOptions) -> Iterator[str]:
    """What will look otherwise than in the file."""
    if not options.ping and any(step.mentions for _, steps in work for step in steps):
        yield "mentions stay plain text and notify nobody; --ping changes that"
    for incident, _ in work:
        yield from strangers(incident)


def in_order(work: Work, options: PostingOptions) -> Iterator[tuple[str, str, str, str]]:
    """Every event in the order of posting: when, where, who, what."""
    begins = starts([incident for incident, _ in work], options)
    for place, (_, steps) in enumerate(work):
        first = min((step.at for step in steps), default=0.0)
        for step in steps:
            at = (step.at - first) / options.speed if options.realtime else step.at
            said = " ".join(_words(step).split())
            reply = "" if step.parent is None else "> "
            yield (
                elapsed(at + (begins[place] if begins else 0.0)),
                f"#{target(step.channel, options)}",
                step.name,
                reply + (said if len(said) <= LONGEST else f"{said[: LONGEST - 3]}..."),
            )


def by_channel(work: Work, options: PostingOptions) -> Iterator[str]:
    """What would stand in each channel, replies under their roots; one line each."""
    for number, name in enumerate(places(work, options)):
        here = [(step, steps) for _, steps in work for step in steps if target(step.channel, options) == name]
        yield from ("",) * bool(number)
        yield f"#{name}: {len(here)} message{'s' if len(here) != 1 else ''}"
        for step, steps in here:
            if step.parent is not None:
                continue
            yield from _shown(step, "  ", options)
            for reply in steps:
                if reply.parent == step.index:
                    yield from _shown(reply, "      ", options)


def _shown(step: Step, margin: str, options: PostingOptions) -> Iterator[str]:
    where = f" (#{step.channel})" if options.test_channel else ""
    yield f"{margin}{elapsed(step.at)}  {step.name}{where}"
    below = [*step.text.splitlines(), *_card(step.card)]
    if step.reactions:
        below.append(" ".join(f":{name}:" for name in step.reactions))
    yield from (f"{margin}  {line}".rstrip() for line in below)


def _card(card: Attachment | None) -> Iterable[str]:
    if card is None:
        return ()
    lines = [card.title, *card.text.splitlines(), *(f"{name}: {value}" for name, value in card.fields)]
    return [f"| {line}" for line in (*lines, *(f"[{label}] {url}" for label, url in card.links)) if line]


def _words(step: Step) -> str:
    if step.text or step.card is None:
        return step.text
    return f"{step.card.title} {step.card.text}".strip()
