"""`slackincidents regenerate`."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from slackincidents.chat.scripted import ScriptedChat
from slackincidents.settings import Settings
from tests.cli.conftest import Cli
from tests.writer.rewording import answering, plainly

FOREIGN = Path(__file__).parents[1] / "render" / "foreign" / "kafka-lag-001.json"


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A stranger's file in the working folder."""
    return Path(shutil.copy(FOREIGN, tmp_path / "theirs.json"))


def read(path: Path) -> dict[str, object]:
    """A file as JSON."""
    found = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def texts(path: Path) -> list[str]:
    """What stands in each event of a file."""
    timeline = read(path)["timeline"]
    assert isinstance(timeline, list)
    return [event.get("content", "") for event in timeline]


def test_variants_go_into_a_folder(cli: Cli, made: Path, tmp_path: Path) -> None:
    """One file a wording, named after the file they come from; all of them validate, and none is another's copy."""
    ran = cli("regenerate", made.name, "--variants", 3, "-o", "out")
    assert (ran.code, ran.out, ran.err) == (0, "", "wrote 3 files to out\n")
    files = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in files] == [f"made-v{n}.json" for n in (1, 2, 3)]
    assert cli("validate", *files).code == 0
    assert len({tuple(texts(path)) for path in (made, *files)}) == 4


def test_stdout_is_json_when_piped(cli: Cli, made: Path) -> None:
    """One variant is a file, several are one a line."""
    once = cli("regenerate", made.name)
    assert (once.code, once.err) == (0, "")
    assert json.loads(once.out)["provenance"]["variant"] == "v1"
    lines = cli("regenerate", made.name, "--variants", 2).out.splitlines()
    assert [json.loads(line)["provenance"]["variant"] for line in lines] == ["v1", "v2"]


def test_texts_on_stdout_are_parted(cli: Cli, made: Path) -> None:
    """Two transcripts have an empty line between them."""
    out = cli("regenerate", made.name, "--variants", 2, "--format", "text").out
    assert "\n\nRecommendation cache failure\n" in out


def test_the_same_call_gives_the_same_bytes(cli: Cli, made: Path, program: Cli) -> None:
    """Another process, with another hash seed, writes the very same."""
    words = ("regenerate", made.name, "--variants", 2)
    assert cli(*words).out == program(*words, PYTHONHASHSEED="77").out


def test_counting_goes_on(cli: Cli, made: Path, tmp_path: Path) -> None:
    """--seed 3 begins with wording v4, so that more can be made later beside the first."""
    assert cli("regenerate", made.name, "--seed", 3, "-o", "out/").code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["made-v4.json"]


@pytest.mark.parametrize(
    ("vary", "names"),
    [
        ("words", ["high-cpu-2-v1.json", "high-cpu-2-v2.json"]),
        ("course", ["high-cpu-2.json", "high-cpu-3.json"]),
        ("both", ["high-cpu-2-v1.json", "high-cpu-3-v2.json"]),
    ],
)
def test_a_scenario(cli: Cli, tmp_path: Path, vary: str, names: list[str]) -> None:
    """A scenario is told again from the seed given; a course alone is what `generate` makes of its seed."""
    assert cli("regenerate", "high-cpu", "--vary", vary, "--variants", 2, "--seed", 2, "-o", "out").code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    if vary == "course":
        assert (tmp_path / "out" / names[1]).read_text("utf-8") == cli("generate", "high-cpu", "--seed", 3).out


def test_only_one_message(cli: Cli, made: Path, tmp_path: Path) -> None:
    """--only changes that message and nothing else."""
    before = texts(made)
    place = next(n for n, event in enumerate(read(made)["labels"]["messages"]) if event["act"] == "acknowledge")  # type: ignore[index]
    assert cli("regenerate", made.name, "--only", place, "-o", "again.json").code == 0
    after = texts(tmp_path / "again.json")
    assert [n for n, (one, other) in enumerate(zip(before, after, strict=True)) if one != other] == [place]


def test_a_stranger_is_reworded_by_a_model(
    cli: Cli, foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a key and a model the default takes them; the key is in no output and in no file."""
    chat = ScriptedChat(answering(plainly()))
    seen: list[Settings] = []

    @asynccontextmanager
    async def opened(settings: Settings) -> AsyncIterator[ScriptedChat]:
        seen.append(settings)
        yield chat

    monkeypatch.setattr("slackincidents.cli.regenerate.open_chat", opened)
    monkeypatch.setenv("OPENAI_API_KEY", "canary-4711")
    ran = cli("regenerate", foreign.name, "--model", "some-model", "-o", "new.json")
    assert (ran.code, ran.err) == (0, "wrote new.json\n")
    assert {request.model for request in chat.requests} == {"some-model"}
    assert seen[0].openai_api_key is not None
    assert seen[0].openai_api_key.get_secret_value() == "canary-4711"
    assert "canary" not in (tmp_path / "new.json").read_text("utf-8") + ran.out + ran.err
    assert texts(tmp_path / "new.json")[1] == f"so {texts(foreign)[1]}"


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("theirs.json",), ("theirs", "OPENAI_API_KEY", "OPENAI_MODEL")),
        (("theirs.json", "--writer", "offline"), ("only a language model can reword it",)),
        (("theirs.json", "--vary", "course"), ("does not say what it was made from",)),
        (("theirs.json", "--writer", "openai"), ("--model NAME", "OPENAI_MODEL")),
        (("theirs.json", "--writer", "openai", "--model", "m"), ("OPENAI_API_KEY",)),
        (("made.json", "--writer", "openapi"), ('no writer "openapi"', '"openai"')),
        (("made.json", "--vary", "corse"), ('no way to vary "corse"', '"course"')),
        (("made.json", "--only", "999"), ("no message 999",)),
        (("made.json", "--only", "thread"), ("'thread' names no part", "thread:12")),
        (("made.json", "--only", "#nowhere"), ('no channel "#nowhere"',)),
        (("made.json", "--only", "5", "--vary", "both"), ("a part alone",)),
        (("cache-failure", "--only", "5"), ("has no messages yet",)),
        (("cache-failur",), ('no scenario "cache-failur"', 'Did you mean "cache-failure"')),
        (("mad.json",), ("mad.json does not exist", '"made.json"')),
        (("broken.json",), ("broken.json is not JSON",)),
        (("made.json", "--variants", "2", "-o", "x.json"), ("-o DIR",)),
        (("made.json", "--variants", "2", "--format", "html"), ("-o DIR",)),
    ],
)
def test_bad_input(cli: Cli, made: Path, foreign: Path, words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    """One line that names the mistake and the remedy, exit code 2, and nothing written."""
    (made.parent / "broken.json").write_text("{", encoding="utf-8")
    before = sorted(path.name for path in made.parent.iterdir())
    ran = cli("regenerate", *words)
    assert ran.code == 2
    assert all(part in ran.complaint for part in parts), ran.complaint
    assert sorted(path.name for path in made.parent.iterdir()) == before


def test_a_taken_name_stops_all_before_any_work(cli: Cli, made: Path, tmp_path: Path) -> None:
    """When the second of two files exists, the first is not written either, unless --force is said."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "made-v2.json").write_text("mine", encoding="utf-8")
    words = ("regenerate", made.name, "--variants", 2, "-o", "out")
    assert cli(*words).code == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["made-v2.json"]
    assert cli(*words, "--force").code == 0
    assert texts(tmp_path / "out" / "made-v2.json")
