"""What a made-up workspace holds before a test begins; every stand-in is set up from the same scene."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

TEAM = "T000000001"
POSTER_TOKEN = "xoxb-poster-canary-1f3a"
ALERTS_TOKEN = "xoxb-alerts-canary-77c2"
READER_TOKEN = "xoxb-reader-canary-0b9e"
STRANGER_TOKEN = "xoxb-nobody-knows-this"
REVOKED_TOKEN = "xoxb-revoked-canary-5d21"

ALL_SCOPES = (
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "chat:write.customize",
    "chat:write.public",
    "groups:history",
    "groups:read",
    "groups:write",
    "reactions:write",
    "usergroups:read",
    "users:read",
)


class Fixed(BaseModel):
    """A frozen value."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bot(Fixed):
    """An app's bot: its user, its bot id, its token and what the token may do."""

    name: str
    token: str
    user_id: str
    bot_id: str
    app_id: str
    scopes: tuple[str, ...] = ALL_SCOPES
    revoked: bool = False


class ChannelSeed(Fixed):
    """A channel that is there from the start; `bots` are the names of bots in it, `shared` is with another company."""

    name: str
    private: bool = False
    archived: bool = False
    shared: bool = False
    bots: tuple[str, ...] = ()


class GroupSeed(Fixed):
    """A user group."""

    id: str
    handle: str
    name: str


class WebhookSeed(Fixed):
    """An incoming webhook and the channel it is bound to."""

    label: str
    channel: str


class Scene(Fixed):
    """A workspace: who is in it, which channels, which tokens, on which plan."""

    team_name: str = "Shop Practice"
    domain: str = "shop-practice"
    people: tuple[str, ...] = ("alice", "bob", "carol")
    bots: tuple[Bot, ...]
    channels: tuple[ChannelSeed, ...]
    groups: tuple[GroupSeed, ...] = ()
    webhooks: tuple[WebhookSeed, ...] = ()
    paid_plan: bool = True

    def with_scopes(self, name: str, *, without: str = "") -> Scene:
        """The same scene, but one bot's token lacks a scope."""
        bots = tuple(
            bot.model_copy(update={"scopes": tuple(scope for scope in bot.scopes if scope != without)})
            if bot.name == name
            else bot
            for bot in self.bots
        )
        return self.model_copy(update={"bots": bots})

    def with_channels(self, *channels: ChannelSeed) -> Scene:
        """The same scene with more channels; one of a known name replaces it."""
        kept = {channel.name: channel for channel in (*self.channels, *channels)}
        return self.model_copy(update={"channels": tuple(kept.values())})

    def bot(self, name: str) -> Bot:
        """The bot of that name."""
        return next(bot for bot in self.bots if bot.name == name)


POSTER = Bot(name="incident-poster", token=POSTER_TOKEN, user_id="U0POSTER01", bot_id="B0POSTER01", app_id="A0POSTER01")
ALERTS = Bot(name="monitoring", token=ALERTS_TOKEN, user_id="U0ALERTS01", bot_id="B0ALERTS01", app_id="A0ALERTS01")
READER = Bot(
    name="reader",
    token=READER_TOKEN,
    user_id="U0READER01",
    bot_id="B0READER01",
    app_id="A0READER01",
    scopes=("channels:read",),
)
REVOKED = Bot(
    name="gone", token=REVOKED_TOKEN, user_id="U0REVOKE01", bot_id="B0REVOKE01", app_id="A0REVOKE01", revoked=True
)

SHOP = Scene(
    bots=(POSTER, ALERTS, READER, REVOKED),
    channels=(
        ChannelSeed(name="general"),
        ChannelSeed(name="random"),
        ChannelSeed(name="incidents", bots=("incident-poster", "monitoring")),
        ChannelSeed(name="alerts", bots=("incident-poster", "monitoring")),
        ChannelSeed(name="open-to-all"),
        ChannelSeed(name="old-incidents", archived=True, bots=("incident-poster",)),
        ChannelSeed(name="war-room", private=True, bots=("incident-poster",)),
        ChannelSeed(name="board", private=True),
        ChannelSeed(name="with-supplier", shared=True, bots=("incident-poster",)),
    ),
    groups=(
        GroupSeed(id="S0CHECKOUT", handle="checkout-oncall", name="Checkout on-call"),
        GroupSeed(id="S0PLATFORM", handle="platform-oncall", name="Platform on-call"),
    ),
    webhooks=(WebhookSeed(label="alerts", channel="alerts"),),
)
"""A small shop: two bots that may do everything, one that may only look, one whose token is revoked."""
