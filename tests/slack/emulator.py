"""The third-party server, installed once into ``.cache`` and started on 127.0.0.1, seeded from a scene."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from pydantic import JsonValue

from tests.slack.scene import ALL_SCOPES, Bot, Scene
from tests.slack.wire import JsonObject

HERE = Path(__file__).parent
VERSION = "0.11.2"
HOME = HERE.parents[1] / ".cache" / f"emulate-{VERSION}"
INSTALL_SECONDS = 300
STOP_SECONDS = 10
INSIDE_TOKENS = 10
"""Tokens a bot for looking things up: the server allows 5,000 calls of each."""


class Missing(Exception):
    """The server cannot be had here."""


def installed(home: Path = HOME) -> Path:
    """The server's program. Installs it first where it is not: the versions of the lock file, no scripts.

    Raises:
        Missing: there is no node, no npm, or no registry to install from.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Missing("needs node and npm")
    program = home / "node_modules" / "emulate" / "dist" / "index.js"
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / ".complete").exists():
            _install(home)
    return program


def _install(home: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, home / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise Missing("npm does not come to an end") from None
    if done.returncode:
        raise Missing(f"npm cannot install emulate {VERSION}: {done.stderr.strip()[-300:]}")
    (home / ".complete").touch()


class Emulator:
    """One process of the server. `address` is where it listens."""

    def __init__(self, program: Path, scene: Scene) -> None:
        """Start it and wait until it listens.

        Raises:
            RuntimeError: it ended instead.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="emulate-")
        seed = Path(self._folder.name) / "seed.yaml"
        seed.write_text(json.dumps({"slack": seeded(scene)}), encoding="utf-8")  # JSON is YAML
        receiving, giving = os.pipe()
        node = ["node", "--require", str(HERE / "loopback.cjs"), str(program)]
        environment = {"PATH": os.environ["PATH"], "HOME": self._folder.name, "STAND_FD": str(giving)}
        with (Path(self._folder.name) / "log").open("w") as log:
            self._process = subprocess.Popen(
                [*node, "start", "-s", "slack", "--seed", str(seed)],
                cwd=self._folder.name,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(giving,),
            )
        os.close(giving)
        with os.fdopen(receiving) as pipe:
            said = pipe.readline().strip()
        if not said:
            words = (Path(self._folder.name) / "log").read_text(encoding="utf-8")
            self.stop()
            raise RuntimeError(f"the emulator did not come up: {words[-500:]}")
        self.address = f"http://{said}"

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        """It runs already."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.stop()


def inside(bot: Bot, number: int) -> str:
    """A token of the same bot's that may do everything, for our own look-ups."""
    return f"xoxb-inside-{bot.bot_id}-{number}"


def admin(number: int) -> str:
    """A token of the administrator's."""
    return f"xoxp-inside-admin-{number}"


def seeded(scene: Scene) -> JsonObject:
    """The scene in the words of the server's seed file. Private channels of a bot's are made later, by the bot."""
    numbers = range(INSIDE_TOKENS)
    tokens: list[JsonValue] = [_token(bot, bot.token, bot.scopes) for bot in scene.bots]
    tokens += [_token(bot, inside(bot, number), ALL_SCOPES) for bot in scene.bots for number in numbers]
    tokens += [{"token": admin(number), "user": "admin", "type": "user", "scopes": [*ALL_SCOPES]} for number in numbers]
    return {
        "team": {"name": scene.team_name, "domain": scene.domain},
        "users": [{"name": name, "real_name": name.title()} for name in scene.people],
        "channels": [
            {"name": seed.name, "is_private": seed.private}
            for seed in scene.channels
            if not (seed.private and seed.bots)
        ],
        "oauth_apps": [_app(bot) for bot in scene.bots],
        "incoming_webhooks": [{"channel": hook.channel, "label": hook.label} for hook in scene.webhooks],
        "tokens": tokens,
        "strict_scopes": True,
    }


def _token(bot: Bot, token: str, scopes: tuple[str, ...]) -> JsonObject:
    return {
        "token": token,
        "type": "bot",
        "user": bot.user_id,
        "bot_id": bot.bot_id,
        "app_id": bot.app_id,
        "scopes": [*scopes],
    }


def _app(bot: Bot) -> JsonObject:
    return {
        "app_id": bot.app_id,
        "client_id": f"client-{bot.name}",
        "client_secret": "not-a-secret",
        "name": bot.name,
        "redirect_uris": ["http://127.0.0.1/"],
        "scopes": [*bot.scopes],
        "bot_id": bot.bot_id,
        "bot_user_id": bot.user_id,
        "bot_name": bot.name,
    }
