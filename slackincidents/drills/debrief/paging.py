"""Who was paged and what came of it; what the seat did about people, the severity, and the end."""

from __future__ import annotations

from typing import Literal

from slackincidents.drills.debrief.account import Account
from slackincidents.drills.debrief.values import Moved, Paged
from slackincidents.schema import seat
from slackincidents.schema.plan import Page

Fate = Literal["acknowledged", "ignored", "not answered", "rings"]


def paged(account: Account) -> tuple[Paged, ...]:
    """Every page, by the moment it went out."""
    ignored = _ignored(account)
    told = [_page(account, page, ignored) for page in sorted(account.world.pages, key=lambda page: page.at)]
    ring = account.session.chair.ringing
    if ring is not None:
        at = account.since(ring.sent)
        told.append(Paged(at=at, person=ring.person, service=ring.service, fate="rings", seat=True))
    return tuple(sorted(told, key=lambda page: page.at))


def _page(account: Account, page: Page, ignored: set[str]) -> Paged:
    seat_s = _of_the_seat(account, page)
    fate: Fate = "ignored" if seat_s and page.person in ignored else "not answered"
    return Paged(
        at=account.since(page.at),
        person=page.person,
        service=page.service,
        fate=fate if page.acknowledged_at is None else "acknowledged",
        seat=seat_s,
        answered_at=account.maybe(page.acknowledged_at),
    )


def _ignored(account: Account) -> set[str]:
    """Whose pages were ignored: each order to ignore is for the earliest page that could still ring then."""
    orders = [at for at, _ in account.orders(seat.Ignore)]
    found: set[str] = set()
    for page in sorted(account.world.pages, key=lambda page: page.at):
        rings_until = page.at + account.world.tempo.page_timeout_s
        if _of_the_seat(account, page) and orders and orders[0] < rings_until:
            found.add(page.person)
            orders.pop(0)
    return found


def _of_the_seat(account: Account, page: Page) -> bool:
    """Whether the person in the seat had to answer it: the first service paged, until somebody had it."""
    first = min(account.world.pages, key=lambda one: one.at)
    return page.service == first.service and (account.acknowledged is None or page.at <= account.acknowledged)


def called(account: Account) -> tuple[Moved, ...]:
    """Whom the seat called in or asked, in order."""
    people = [Moved(at=account.since(at), what=f"called {order.person}") for at, order in account.orders(seat.CallIn)]
    groups = [Moved(at=account.since(at), what=f"asked {order.service}") for at, order in account.orders(seat.Ask)]
    return tuple(sorted((*people, *groups), key=lambda one: one.at))


def handovers(account: Account) -> tuple[Moved, ...]:
    """To whom the seat gave the lead."""
    return tuple(Moved(at=account.since(at), what=order.to) for at, order in account.orders(seat.HandOver))


def severities(account: Account) -> tuple[Moved, ...]:
    """How bad the seat called it."""
    return tuple(Moved(at=account.since(at), what=order.severity) for at, order in account.orders(seat.Triage))


def false_all_clears(account: Account) -> tuple[int, ...]:
    """When the seat called it over while it was not."""
    fixed = float("inf") if account.fixed is None else account.fixed
    return tuple(account.since(at) for at, _ in account.orders(seat.Resolve) if at < fixed)
