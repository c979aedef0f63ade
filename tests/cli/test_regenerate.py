"""`slackincidents regenerate`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.chat.server import Behaviour, Question, serving
from tests.cli.conftest import Cli
from tests.writer.rewording import asked_in

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
    """With a key and a model the default takes them; a second call pays nothing; the key is in nothing we write."""

    def answer(question: Question) -> str:
        lines = asked_in(question.messages[-1].content).items()
        return json.dumps({"lines": [{"beat": beat, "text": f"so {text}"} for beat, text in lines]})

    monkeypatch.setenv("OPENAI_API_KEY", "canary-4711")
    with serving(Behaviour(answer=answer)) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        words = ("regenerate", foreign.name, "--model", "some-model", "--replies", "replies")
        ran = cli(*words, "-o", "new.json")
        again = cli(*words)
        assert len(server.ledger) == 1
    assert ran.code == again.code == 0
    assert ran.err.splitlines()[-1] == "wrote new.json"
    assert "1 calls paid" in ran.err
    assert "0 calls paid" in again.err
    assert again.out == (tmp_path / "new.json").read_text("utf-8")
    assert texts(tmp_path / "new.json")[1] == f"so {texts(foreign)[1]}"
    kept = "".join(path.read_text("utf-8") for path in tmp_path.rglob("*.json"))
    assert "canary" not in kept + ran.out + ran.err + again.err


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
