"""`slackincidents generate`: make one incident or many."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from slackincidents import __version__
from slackincidents.api import PACES, RANDOM, chosen, course_of, start_of
from slackincidents.cli.batch import Batch, Order
from slackincidents.cli.options import Changes, Force, PersonasFile, ServicesFile, completing, crews, factors, one_of
from slackincidents.cli.output import FORMAT_WORDS, FORMATS, Destination, destination
from slackincidents.cli.post import (
    Create,
    DryRun,
    Interval,
    Join,
    Ping,
    Post,
    Realtime,
    Speed,
    TestChannel,
    Yes,
    after_generating,
    post_made,
)
from slackincidents.cli.run_folder import RunSettings, begin, go_on
from slackincidents.cli.terminal import details, note, progress
from slackincidents.cli.writing import (
    Concurrency,
    GranularityName,
    ModelName,
    MostTokens,
    Replies,
    Strict,
    Temperature,
    WriterName,
    asked_of,
    chosen_writer,
)
from slackincidents.errors import UnknownName, UsageError
from slackincidents.library import Library
from slackincidents.pipeline import Repair, Workshop, run
from slackincidents.schema.change import Change
from slackincidents.schema.plan import Pace, Plan
from slackincidents.schema.skeleton import Skeleton
from slackincidents.writer import OfflineWriter
from slackincidents.writer.estimate import Estimate, estimate
from slackincidents.writer.opening import OpenAIWriter
from slackincidents.writer.prompts import Prompts
from slackincidents.writer.scenes import GRANULARITIES


def _names(incomplete: str) -> list[str]:
    return completing((*Library.from_environment().skeleton_names(), RANDOM))(incomplete)


def generate(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO|random",
            help="A name, random, or the path of a skeleton file.",
            autocompletion=_names,
        ),
    ],
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another course.")] = 0,
    variants: Annotated[int, typer.Option(min=1, help="How many, from this seed on.")] = 1,
    writer: WriterName = "auto",
    start_time: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When it begins, UTC unless it says; else the seed draws it."),
    ] = None,
    engineers: Annotated[
        list[str] | None,
        typer.Option(metavar="SERVICE=NAMES", help="Who is on call: recommendation=alice,bob. Repeatable."),
    ] = None,
    pace: Annotated[
        str,
        typer.Option(
            metavar="real|brief",
            help="Minutes to hours, or two minutes.",
            callback=one_of("pace", PACES),
            autocompletion=completing(PACES),
        ),
    ] = "real",
    change: Changes = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="json|md|html|text",
            help="Text on a terminal, JSON when piped.",
            callback=one_of("format", tuple(FORMATS)),
            autocompletion=completing(FORMAT_WORDS),
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE|DIR", help="A file, or a folder for many.")
    ] = None,
    force: Force = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in -o DIR: make what is missing.")
    ] = False,
    model: ModelName = None,
    granularity: GranularityName = "scene",
    temperature: Temperature = None,
    concurrency: Concurrency = 8,
    most_tokens: MostTokens = None,
    replies: Replies = None,
    strict: Strict = False,
    only_estimate: Annotated[
        bool, typer.Option("--estimate", help="Say how many calls and tokens a model would take, and send nothing.")
    ] = False,
    personas: PersonasFile = None,
    services: ServicesFile = None,
    post: Post = False,
    dry_run: DryRun = False,
    realtime: Realtime = False,
    speed: Speed = None,
    interval: Interval = 0.0,
    test_channel: TestChannel = None,
    ping: Ping = False,
    create_channels: Create = False,
    join: Join = False,
    yes: Yes = False,
) -> None:
    """Make an incident, or many variants of one.

    The same call gives the same bytes. Variant 3 of --seed 10 is what --seed 12 makes.
    """
    posting = after_generating(
        post,
        dry_run=dry_run,
        realtime=realtime,
        speed=speed,
        interval=interval,
        test_channel=test_channel,
        ping=ping,
        create_channels=create_channels,
        join=join,
        yes=yes,
    )
    if posting and (resume or only_estimate):
        raise UsageError("--post goes neither with --resume nor with --estimate", "Post the files: slackincidents post")
    target = destination(output, form, many=variants > 1, force=force or resume)
    wanted = Wanted(scenario, seed, variants, start_time, crews(engineers or ()), factors(change or ()), _pace(pace))
    workshop = Workshop.open(Library.from_environment(personas, services))
    orders = wanted.orders(workshop)
    if only_estimate:
        _show(_estimated(orders, workshop, granularity), len(orders))
        return
    author = chosen_writer(
        writer,
        model=model,
        granularity=granularity,
        temperature=temperature,
        concurrency=concurrency,
        most_tokens=most_tokens,
        replies=replies,
    )

    def settings() -> RunSettings:
        return wanted.settings(workshop, target.format.name, author, strict)

    todo = _begun(target, orders, settings, resume=resume)
    batch = Batch(todo, target, workshop, Repair(fall_back=not strict), kept={} if posting else None)
    try:
        run(batch.make(author))
    finally:
        if batch.written:
            _wrote(batch.written, target, len(todo))
    if posting:
        made = batch.kept or {}
        post_made([made[place] for place in sorted(made)], posting, batch.written)


@dataclass(frozen=True)
class Wanted:
    """The courses that are asked for, whoever writes them."""

    scenario: str
    seed: int
    variants: int
    start_time: str | None
    on_call: Mapping[str, Sequence[str]]
    change: Change | None
    pace: Pace

    def orders(self, workshop: Workshop) -> list[Order]:
        """One for each seed. Raises UsageError for what cannot be."""
        ending = f"-{self.change.label}" if self.change else ""
        start = start_of(self.start_time)

        def planned(skeleton: Skeleton, seed: int) -> Callable[[], Plan]:
            return lambda: course_of(
                workshop,
                skeleton,
                seed=seed,
                start_time=start,
                engineers=self.on_call,
                pace=self.pace,
                change=self.change,
            )

        return [Order(f"{one.id}-{seed}{ending}", planned(one, seed)) for one, seed in self._chosen(workshop)]

    def settings(self, workshop: Workshop, form: str, author: OpenAIWriter | None, strict: bool) -> RunSettings:
        """All that decides what the run writes."""
        return RunSettings(
            version=__version__,
            scenario=self.scenario,
            first_seed=self.seed,
            variants=self.variants,
            start_time=self.start_time,
            engineers={service: tuple(people) for service, people in self.on_call.items()},
            change=self.change.model_dump(exclude_none=True) if self.change else {},
            pace=self.pace,
            format=form,
            skeletons_sha256=_hash(skeleton for skeleton, _ in self._chosen(workshop)),
            library_sha256=workshop.library.fingerprint(),
            writer="openai" if author else "offline",
            strict=strict,
            asked=asked_of(author, workshop.library) if author else None,
        )

    def _chosen(self, workshop: Workshop) -> Iterator[tuple[Skeleton, int]]:
        read: dict[str, Skeleton] = {}
        for seed in range(self.seed, self.seed + self.variants):
            name = chosen(self.scenario, seed, workshop.library)
            if name not in read:
                read[name] = find(workshop.library, name)
            yield read[name], seed


def _begun(
    target: Destination, orders: Sequence[Order], settings: Callable[[], RunSettings], *, resume: bool
) -> list[Order]:
    """The orders still to be made, after the folder was looked at and the run noted in it.

    Settings read the whole library, so they are asked for only where a run is noted.
    """
    if not resume:
        target.check(order.name for order in orders)
    if target.folder is None:
        if resume:
            raise UsageError("--resume needs the folder of a run", "Name it: -o DIR")
        return list(orders)
    if len(orders) > 1 or resume:
        now = settings()
        if resume:
            go_on(target.folder, now)
        begin(target.folder, now)
    todo = [order for order in orders if not (resume and _there(target, order))]
    if resume and len(todo) < len(orders):
        note(f"{len(orders) - len(todo)} of {len(orders)} are there already")
    return todo


def _there(target: Destination, order: Order) -> bool:
    path = target.path(order.name)
    return path is not None and path.exists()


def _wrote(written: Sequence[Path], target: Destination, asked: int) -> None:
    if len(written) < asked and target.folder:
        note(f"wrote {len(written)} of {asked} files to {target.folder}; the same call with --resume goes on")
    else:
        note(f"wrote {written[0]}" if len(written) == 1 else f"wrote {len(written)} files to {target.folder}")


def _estimated(orders: Sequence[Order], workshop: Workshop, granularity: str) -> Estimate:
    prompts, understudy = Prompts.of(workshop.library), OfflineWriter(workshop.banks)
    form = next(one for one in GRANULARITIES if one == granularity)
    total = Estimate()
    with progress(len(orders), "estimating") as step:
        for order in orders:
            total += estimate(order.plan(), prompts, understudy, form)
            step()
    return total


def _show(found: Estimate, incidents: int) -> None:
    details(
        (
            ("incidents", f"{incidents:,}"),
            ("lines", f"{found.lines:,} to be written by the model"),
            ("calls", f"{found.calls:,}"),
            ("prompt", f"about {found.prompt_tokens:,} tokens"),
            ("completion", f"about {found.completion_tokens:,} tokens"),
            ("not counted", "repairs; replies that are stored already cost nothing"),
        )
    )


def _hash(skeletons: Iterable[Skeleton]) -> str:
    texts = {skeleton.id: skeleton.model_dump_json() for skeleton in skeletons}
    return hashlib.sha256("".join(texts[name] for name in sorted(texts)).encode()).hexdigest()


def find(library: Library, scenario: str) -> Skeleton:
    """A skeleton by name; what looks like a path is one. Raises UnknownName, BadFile, BadSkeleton."""
    names = library.skeleton_names()
    if scenario in names:
        return library.skeleton(scenario)
    if scenario.endswith(".json") or os.sep in scenario or Path(scenario).is_file():
        return library.read_skeleton(Path(scenario))
    raise UnknownName("scenario", scenario, [*names, RANDOM], "slackincidents scenarios")


def _pace(word: str) -> Pace:
    return next(pace for pace in PACES if pace == word)
