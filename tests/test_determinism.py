"""Same arguments, same bytes: across processes, hash seeds, threads and Python versions."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from slackincidents.assembly import assemble
from slackincidents.incident import Incident
from slackincidents.pipeline import Workshop
from slackincidents.writer import OfflineWriter
from tests.source import ROOT

CASES = (("cache-failure", "7"), ("kafka-lag", "0"), ("llm-inaccuracy", "dusk"), ("traffic-spike", "12"))
PYTHONS = ("3.11", "3.12", "3.13")
CACHE = ROOT / ".cache" / "pythons"


def incident(shop: Workshop, name: str, seed: str) -> Incident:
    """Plan, write and assemble; the validator is not asked."""
    plan = shop.plan(name, seed=seed)
    return assemble(plan, OfflineWriter(shop.banks).compose(plan))


def digest(shop: Workshop, name: str, seed: str) -> str:
    """A line for one case: what was made, and the hash of its file and its transcript."""
    made = incident(shop, name, seed)
    return f"{name} {seed} {hashlib.sha256((made.to_json() + made.to_text()).encode()).hexdigest()}"


def digests() -> list[str]:
    """The lines of all cases, from a workshop just opened."""
    shop = Workshop.open()
    return [digest(shop, name, seed) for name, seed in CASES]


PRINT_DIGESTS = "from tests.test_determinism import digests; print(*digests(), sep='\\n')"


def printed(python: str, **environment: str) -> list[str]:
    """The lines as another interpreter prints them."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run([python, "-c", PRINT_DIGESTS], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def expected() -> list[str]:
    """The lines of this process."""
    return digests()


def test_a_second_run_gives_the_same(expected: list[str]) -> None:
    """Nothing that one incident leaves behind changes the next."""
    shop = Workshop.open()
    backwards = [digest(shop, name, seed) for name, seed in reversed(CASES)]
    assert backwards[::-1] == expected
    assert [digest(shop, name, seed) for name, seed in CASES] == expected


@pytest.mark.parametrize("hash_seed", ["0", "1", "random"])
def test_hash_order_does_not_matter(hash_seed: str, expected: list[str]) -> None:
    """No set or hash decides anything."""
    assert printed(sys.executable, PYTHONHASHSEED=hash_seed) == expected


def test_time_zone_and_language_of_the_machine_do_not_matter(expected: list[str]) -> None:
    """The machine's clock zone and locale decide nothing."""
    assert printed(sys.executable, TZ="Asia/Kolkata", LC_ALL="C", LANG="C") == expected


def test_threads_do_not_matter(expected: list[str]) -> None:
    """Four threads on one workshop give what one gives."""
    shop = Workshop.open()
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda case: digest(shop, *case), CASES * 3))
    assert made == expected * 3


def test_another_seed_gives_another_course() -> None:
    """The bytes are not the same merely because nothing varies."""
    shop = Workshop.open()
    assert len({incident(shop, "cache-failure", str(seed)).to_text() for seed in range(10)}) == 10


@pytest.mark.slow
@pytest.mark.parametrize("version", PYTHONS)
def test_python_versions_do_not_matter(version: str, expected: list[str]) -> None:
    """Every supported Python writes the same bytes."""
    base = found(version)
    if base is None:
        pytest.skip(f"no Python {version} under ~/.pyenv/versions or on PATH")
    assert printed(environment(base, version)) == expected


def found(version: str) -> str | None:
    """An interpreter of this version that works, if the machine has one."""
    candidates = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    on_path = shutil.which(f"python{version}")
    for candidate in [*map(str, candidates), *([on_path] if on_path else [])]:
        check = [candidate, "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"]
        if subprocess.run(check, capture_output=True, text=True).stdout.strip() == version:
            return candidate
    return None


def environment(base: str, version: str) -> str:
    """The interpreter of an environment with this package in it, made once and kept in .cache."""
    home = CACHE / version
    python = home / "bin" / "python"
    stamp = home / "installed"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([base, "-m", "venv", str(home)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-e", str(ROOT), "pytest"], check=True, capture_output=True)
        stamp.write_text(wanted)
    return str(python)
