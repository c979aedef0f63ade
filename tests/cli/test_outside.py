"""When the world fails: full disks, closed pipes, forbidden folders, an impatient user."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, Cli, environment

PR_CAPBSET_DROP = 24
DAC_CAPABILITIES = (1, 2)
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""

SMALL = 2_000


def test_a_full_disk_behind_stdout(tmp_path: Path) -> None:
    """Data that cannot be written is an error, not a success."""
    with Path("/dev/full").open("wb") as full:
        line = [*PROGRAM, "generate", "cache-failure"]
        done = subprocess.run(line, cwd=tmp_path, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 3
    assert done.stderr.decode().splitlines() == [
        "error: standard output cannot be written: No space left on device. Free space, or write with -o."
    ]


def test_a_full_disk_under_a_file(tmp_path: Path) -> None:
    """A file that does not fit is not left half-written."""
    done = subprocess.run(
        [*PROGRAM, "generate", "cache-failure", "-o", "x.json"],
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL)),
        check=False,
    )
    assert done.returncode == 3
    assert len(done.stderr.decode().splitlines()) == 1
    assert b"x.json cannot be written" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [("generate", "cache-failure", "--variants", "20", "--format", "text"), ("services",), ("--help",)],
    ids=lambda words: str(words[0]),
)
def test_a_closed_pipe_is_nobodys_fault(tmp_path: Path, words: tuple[str, ...]) -> None:
    """`| head` ends it quietly, with the exit code of SIGPIPE."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [*PROGRAM, *words], cwd=tmp_path, env=environment(), stdout=closed, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """Ctrl-C and SIGTERM leave whole files and nothing else; one line, exit code 130 or 143."""
    line = [*PROGRAM, "generate", "cache-failure", "--variants", "9999", "--pace", "brief", "-o", "out"]
    out = tmp_path / "out"
    with subprocess.Popen(line, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True) as running:
        while len(list(out.glob("*.json"))) < 2 and running.poll() is None:
            os.sched_yield()
        running.send_signal(number)
        _, err = running.communicate(timeout=60)
    assert running.returncode == code
    done, last = err.splitlines()
    assert done.startswith("wrote ")
    assert done.endswith("of 9999 files to out; the same call with --resume goes on")
    assert last == "error: interrupted. What was finished is whole; nothing else was left"
    assert [path.name for path in out.iterdir() if path.suffix != ".json"] == [".slackincidents-run"]
    for path in out.glob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["timeline"]


def test_terminated_in_the_middle_of_a_file(tmp_path: Path) -> None:
    """SIGTERM while a file is being written leaves nothing of it."""
    program = (
        "import os, signal, sys; from slackincidents.cli import main; "
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGTERM); "
        "sys.exit(main(['generate', 'cache-failure', '--pace', 'brief', '-o', 'out/x.json']))"
    )
    done = subprocess.run(
        [PROGRAM[0], "-c", program], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 143
    assert done.stderr.splitlines() == ["error: interrupted. What was finished is whole; nothing else was left"]
    assert list((tmp_path / "out").iterdir()) == []


def test_sigterm_is_as_before_afterwards(cli: Cli) -> None:
    """Who calls `main` from a program of their own keeps their own handler."""
    before = signal.getsignal(signal.SIGTERM)
    assert cli("services").code == 0
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_link_and_a_device_are_written_through(cli: Cli, tmp_path: Path) -> None:
    """A link stays a link, and the file behind it gets the incident; a device stays a device."""
    (tmp_path / "real.json").write_text("old", encoding="utf-8")
    (tmp_path / "link.json").symlink_to("real.json")
    (tmp_path / "null.json").symlink_to("/dev/null")
    assert cli("generate", "cache-failure", "-o", "link.json", "--force").code == 0
    assert cli("generate", "cache-failure", "-o", "null.json").code == 0
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "null.json").is_char_device()
    assert json.loads((tmp_path / "real.json").read_text(encoding="utf-8"))["timeline"]


@pytest.mark.parametrize("target", ["/proc/x.json", "/proc/folder/x.json", "file.txt/x.json", "a" * 300 + ".json"])
def test_a_place_that_takes_no_file(cli: Cli, tmp_path: Path, target: str) -> None:
    """Where nothing can be written the line says so, and nothing is left."""
    (tmp_path / "file.txt").write_text("mine", encoding="utf-8")
    ran = cli("generate", "cache-failure", "-o", target)
    assert ran.code == 3
    assert "cannot be" in ran.complaint
    assert [path.name for path in tmp_path.iterdir()] == ["file.txt"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("generate", "cache-failure", "-o", "locked/x.json"), 3),
        (("generate", "cache-failure", "-o", "sealed/x.json"), 3),
        (("generate", "cache-failure", "-o", "sealed"), 3),
        (("validate", "sealed/x.json"), 2),
        (("export", "sealed/x.json"), 2),
        (("generate", "sealed/x.json"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_folder_without_permission(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    """A folder one may not write to, or not even look into."""
    (tmp_path / "locked").mkdir(mode=0o555)
    (tmp_path / "sealed").mkdir(mode=0o000)
    done = subprocess.run(
        [*PROGRAM, *words],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        preexec_fn=_obey_permissions,
        check=False,
    )
    (tmp_path / "sealed").chmod(0o755)
    if os.geteuid() == 0 and done.returncode == 0:
        pytest.skip("root here cannot give up its right to write everywhere")
    assert done.returncode == code, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Permission denied" in done.stderr
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["locked", "sealed"]


def test_a_folder_that_cannot_be_listed(tmp_path: Path) -> None:
    """Looking for near names in a folder that only lets one pass is no reason to fall over."""
    (tmp_path / "unlisted").mkdir(mode=0o311)
    done = subprocess.run(
        [*PROGRAM, "validate", "unlisted/x.json"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        preexec_fn=_obey_permissions,
        check=False,
    )
    assert done.returncode in {2, 3}
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.splitlines()) == 1


def _obey_permissions() -> None:
    """Let root be refused like anybody: the program starts without the capabilities to override permissions."""
    if os.geteuid() == 0:
        for capability in DAC_CAPABILITIES:
            ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
