"""`slackincidents scenarios draft`, against an endpoint that really listens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slackincidents.chat.base import ChatRequest, Message, Shape
from slackincidents.cli import main
from tests.chat.server import Behaviour, Question, Server, serving
from tests.drafting.recorded import NAMES, answers, recording

KEY = "sk-canary-do-not-tell"
REDIS, MAIL = NAMES


def _answering(name: str) -> Callable[[Question], str]:
    say = answers(recording(name).replies)

    def answer(question: Question) -> str:
        form = (question.response_format or {}).get("json_schema")
        assert isinstance(form, dict)
        shape = Shape(name=str(form["name"]), json_schema="")
        return say(ChatRequest(model=question.model, messages=(Message(role="user", content=""),), shape=shape)).text

    return answer


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str], Server]]:
    """An endpoint that answers from a recording, configured in the environment; the working folder is empty."""
    monkeypatch.chdir(tmp_path)
    open_: list[object] = []

    def listen(name: str) -> Server:
        context = serving(Behaviour(answer=_answering(name), key=KEY))
        server = context.__enter__()
        open_.append(context)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_MODEL", "test-model")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        return server

    yield listen
    for context in open_:
        context.__exit__(None, None, None)  # type: ignore[attr-defined]


def test_a_draft_is_written_with_its_notes(
    endpoint: Callable[[str], Server],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """File and notes are there, what is open is said, the file generates, and asking again costs nothing."""
    server = endpoint(REDIS)
    words = ["scenarios", "draft", recording(REDIS).description, "-o", "my-carts.json"]
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.out == "my-carts.json\n"
    assert "unsettled: which redis it was: valkey-cart" in said.err
    assert "values were left open and taken from defaults; they are listed in my-carts.notes.md" in said.err
    assert "3 corrections; planned, written and checked with 20 seeds" in said.err
    assert "slackincidents generate ./my-carts.json" in said.err
    page = (tmp_path / "my-carts.notes.md").read_text(encoding="utf-8")
    assert "- signals.cart-p95.scatter: 0.1" in page
    assert "    redis fails over during a deploy" in page
    assert json.loads((tmp_path / "my-carts.json").read_text(encoding="utf-8"))["id"] == "my-carts"
    assert len(server.ledger) == 10
    assert main([*words, "--force"]) == 0
    assert len(server.ledger) == 10
    told = capsys.readouterr()
    monkeypatch.delenv("OPENAI_API_KEY")
    assert main(["generate", "my-carts.json", "--seed", "4", "-o", "incident.json"]) == 0
    assert main(["validate", "incident.json"]) == 0
    assert KEY not in said.out + said.err + told.out + told.err
    assert all(KEY.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_post_mortem_and_own_services(
    endpoint: Callable[[str], Server],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A text file is read, the model is shown the services given, and the skeleton works with them."""
    endpoint(MAIL)
    source = recording(MAIL)
    (tmp_path / "post-mortem.md").write_text(source.description, encoding="utf-8")
    (tmp_path / "mine.json").write_text(json.dumps(source.services), encoding="utf-8")
    assert main(["scenarios", "draft", "post-mortem.md", "--services", "mine.json", "-o", "drafts"]) == 0
    said = capsys.readouterr()
    assert said.out == "drafts/reset-mails-late.json\n"
    assert "generate ./drafts/reset-mails-late.json --services mine.json" in said.err
    monkeypatch.delenv("OPENAI_API_KEY")
    assert main(["generate", "drafts/reset-mails-late.json", "--services", "mine.json", "--format", "text"]) == 0
    assert "Password reset mails are late" in capsys.readouterr().out


def test_standard_output_gets_the_skeleton(
    endpoint: Callable[[str], Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``-o -`` pipes the skeleton; all that is open goes to stderr, and no file is left."""
    endpoint(REDIS)
    assert main(["scenarios", "draft", "carts are empty", "-o", "-"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["id"] == "carts-empty-after-failover"
    assert "unsettled: signals.cart-p95.scatter: 0.1" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_without_a_key_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, one line, nothing written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert main(["scenarios", "draft", "carts are empty", "-o", "x.json"]) == 2
    said = capsys.readouterr()
    assert said.err == (
        "error: a draft needs a language model: no OPENAI_API_KEY. Set it in the environment or in .env.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", ["x.json", "x.notes.md"])
def test_nothing_is_overwritten_or_asked_for(
    endpoint: Callable[[str], Server], tmp_path: Path, capsys: pytest.CaptureFixture[str], there: str
) -> None:
    """A skeleton or notes that are there stop the draft before the model is asked; --force goes on."""
    server = endpoint(REDIS)
    (tmp_path / there).write_text("mine", encoding="utf-8")
    assert main(["scenarios", "draft", "carts are empty", "-o", "x.json"]) == 2
    assert f"{there} exists" in capsys.readouterr().err
    assert server.ledger == []
    assert (tmp_path / there).read_text(encoding="utf-8") == "mine"
    assert main(["scenarios", "draft", "carts are empty", "-o", "x.json", "--force"]) == 0
    assert (tmp_path / there).read_text(encoding="utf-8") != "mine"


def test_a_draft_that_fails_leaves_nothing(
    endpoint: Callable[[str], Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answers are about other services than ours: exit code 2, one line, no file, no notes."""
    endpoint(MAIL)
    assert main(["scenarios", "draft", "mails are late", "-o", "x.json"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("error: the model's outline is still wrong after 3 rounds: ")
    assert said.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["draft"], "a draft needs a description"),
        (["draft", "carts", "are", "empty"], 'a description in 3 pieces. Quote it: scenarios draft "what happened"'),
        (["draft", "no-such.md"], "no-such.md does not exist"),
        (["draft", "carts", "-o", "Bad_Name.json"], '"Bad_Name" cannot be the name of a scenario'),
        (["darft", "carts"], 'no word "darft". Did you mean "draft"?'),
    ],
)
def test_wrong_words_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    """Exit code 2 and the remedy."""
    monkeypatch.chdir(tmp_path)
    assert main(["scenarios", *words]) == 2
    assert told in capsys.readouterr().err
