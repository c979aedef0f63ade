"""Simulated responders in the same seat: how long they took, and where the trainee stands among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from slackincidents.drills.debrief.moments import four_times
from slackincidents.drills.debrief.values import Peers, Standing
from slackincidents.drills.session import Session
from slackincidents.planner.chair import Chair
from slackincidents.planner.simulate import Stage, begin, last_moment
from slackincidents.seeds import Seed
from slackincidents.stats import Measure
from slackincidents.stats.tally import spread

COUNT = 100


def peers(
    session: Session, stage: Stage, count: int = COUNT, progress: Callable[[int, int], None] | None = None
) -> Peers | None:
    """Simulate `count` responders in the seat of a drill, and compare; None when there are none.

    Each has the drill's skeleton, start, crews and pace, and a seed of its own below the drill's. The one who
    counts is the first to acknowledge, which is who the trainee was. `progress` hears how many of how many are done.
    """
    found: list[dict[Measure, int | None]] = []
    for number in range(count):
        found.append(_run(session, stage, number))
        if progress is not None:
            progress(number + 1, count)
    mine = four_times(session.world, session.chair.handle)
    times = {what: standing([one[what] for one in found], mine[what]) for what in Measure}
    return Peers(count=count, times=times) if found else None


def _run(session: Session, stage: Stage, number: int) -> dict[Measure, int | None]:
    """One responder. A shadow in the seat changes nothing, and knows whose it is."""
    request = session.request.model_copy(update={"seed": Seed(session.request.seed).child(f"peers/{number}").path})
    chair = Chair(shadow=True)
    world = begin(session.skeleton, stage, request, chair, solvable=session.solvable)
    world.run(last_moment(world))
    return four_times(world, chair.handle)


def standing(times: Sequence[int | None], mine: int | None) -> Standing:
    """The spread of some times, and a place among them; who never got there took longer than everybody who did."""
    known = sorted(time for time in times if time is not None)
    figures = spread(known)
    behind = 0 if mine is None else sum(time is None or time > mine for time in times)
    level = sum(time == mine for time in times)
    return Standing(
        known=len(known),
        never=len(times) - len(known),
        median=figures.median,
        q1=figures.q1,
        q3=figures.q3,
        behind=behind,
        level=level,
        percentile=round(100 * (behind + level / 2) / len(times), 1) if times else None,
    )
