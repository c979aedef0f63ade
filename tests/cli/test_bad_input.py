"""Whatever one gets wrong: one clear line, the right exit code, no traceback, nothing half-written."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from slackincidents.cli.scenarios import TEMPLATE
from slackincidents.library import data_root
from tests.cli.conftest import Cli

Json = dict[str, object]
GENERATE = ("generate", "cache-failure")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("generat", "x"), ("generat", "Did you mean 'generate'")),
        (("generate",), ("SCENARIO",)),
        (("generate", "cache-failur"), ('no scenario "cache-failur"', 'Did you mean "cache-failure"')),
        (("generate", "randon"), ('no scenario "randon"', '"random"')),
        (("generate", "./nothing.json"), ("nothing.json does not exist",)),
        ((*GENERATE, "--sede", "4"), ("--sede", "--seed")),
        ((*GENERATE, "--seed", "four"), ("--seed", "integer")),
        ((*GENERATE, "--pace", "reel"), ('no pace "reel"', '"real"')),
        ((*GENERATE, "--format", "jsn"), ('no format "jsn"', '"json"')),
        ((*GENERATE, "--variants", "0"), ("--variants", "greater than or equal to 1")),
        ((*GENERATE, "--variants", "-3"), ("--variants", "greater than or equal to 1")),
        ((*GENERATE, "--variants", "3", "-o", "x.json"), ("x.json", "-o DIR")),
        ((*GENERATE, "--variants", "3", "--format", "html"), ("html", "-o DIR")),
        ((*GENERATE, "--start-time", "yesterday"), ("'yesterday' is not a date", "2024-12-11T14:30:00Z")),
        ((*GENERATE, "--start-time", "9999-12-31"), ("out of range",)),
        ((*GENERATE, "--start-time", "0001-01-01T00:00:00+05:00"), ("out of range",)),
        ((*GENERATE, "--engineers", "alice"), ("'alice'", "recommendation=alice,bob")),
        ((*GENERATE, "--engineers", "recommendation="), ("SERVICE=PERSON",)),
        ((*GENERATE, "--engineers", "recommendation=alice,,bob"), ("SERVICE=PERSON",)),
        ((*GENERATE, "--engineers", "recommendation=alise"), ('no person "alise"', '"alice"')),
        ((*GENERATE, "--engineers", "recomendation=alice"), ('no service "recomendation"', '"recommendation"')),
        ((*GENERATE, "-o", "x.yaml"), (".yaml", ".json, .md, .html or .txt")),
        ((*GENERATE, "--personas", "nobody.json"), ("nobody.json does not exist",)),
        (("validate", "nothing.json"), ("nothing.json does not exist",)),
        (("validate", "."), ("is a folder",)),
        (("validate",), ("FILE",)),
        (("export", "nothing.json"), ("nothing.json does not exist",)),
        (("scenarios", "cache-failur"), ('"cache-failure"',)),
        (("scenarios", "nwe", "mine"), ('"new"',)),
        (("scenarios", "new"), ("NAME",)),
        (("scenarios", "new", "Not A Name"), ("Not A Name", "hyphens")),
        (("scenarios", "new", "../escape"), ("../escape", "hyphens")),
        (("personas", "alise"), ('"alice"',)),
        (("services", "redi"), ('"redis"',)),
        (("schema", "skeletn"), ('"skeleton"',)),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_a_wrong_word_is_named_and_the_right_one_offered(
    cli: Cli, tmp_path: Path, words: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    """The line names what was wrong and what would be right; exit code 2, nothing written."""
    ran = cli(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert [part for part in parts if part not in ran.complaint] == []
    assert list(tmp_path.iterdir()) == []


CONTENTS = {
    "empty": (b"", "not JSON"),
    "blank": (b" \n\n", "not JSON"),
    "broken": (b'{"a": 1,\n "b": }', "line 2 column 7"),
    "cut": (b'{"timeline": [', "not JSON"),
    "utf16": ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
    "latin1": ('{"title": "caf\u00e9"}'.encode("latin-1"), "not UTF-8"),
    "deep": (b"[" * 100_000, "not JSON: recursion"),
    "list": (b"[]", "the whole file"),
    "nan": (b"NaN", "the whole file"),
}


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("words", [("validate",), ("export", "--to", "text"), ("generate",)], ids=lambda w: str(w[0]))
def test_a_file_that_is_no_json_is_told_with_the_place(
    cli: Cli, tmp_path: Path, words: tuple[str, ...], name: str
) -> None:
    """Reading fails with file and reason, whichever verb reads."""
    content, reason = CONTENTS[name]
    (tmp_path / "bad.json").write_bytes(content)
    ran = cli(words[0], "bad.json", *words[1:])
    assert ran.code == 2
    assert "bad.json" in ran.complaint
    assert reason in ran.complaint


def test_a_huge_file_is_refused_unread(cli: Cli, tmp_path: Path) -> None:
    """100 MB are too many; they are not read first."""
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(100 * 2**20)
    for verb in ("validate", "export", "generate"):
        assert "huge.json has 105 MB" in cli(verb, "huge.json").complaint


def test_a_file_that_cannot_be_read(cli: Cli) -> None:
    """A read error of the disk is a line, not a traceback."""
    ran = cli("validate", "/proc/self/mem")
    assert ran.code == 2
    assert "cannot be read" in ran.complaint


def _cyclic(skeleton: Json) -> None:
    cascade = skeleton["cascade"]
    assert isinstance(cascade, list)
    cascade.append({**cascade[0], "source": "checkout", "target": "shipping", "via": "load"})


def _dangling(skeleton: Json) -> None:
    cascade = skeleton["cascade"]
    assert isinstance(cascade, list)
    cascade[0]["target"] = "nowhere"


def _misspelt(skeleton: Json) -> None:
    skeleton["severty"] = skeleton["severity"]


def _not_a_number(skeleton: Json) -> None:
    signals = skeleton["signals"]
    assert isinstance(signals, dict)
    signals["errors"]["peak"] = math.nan


@pytest.mark.parametrize(
    ("spoil", "parts"),
    [
        (_cyclic, ("circle", "shipping -> checkout -> shipping")),
        (_dangling, ("nowhere",)),
        (_misspelt, ("severty", 'Did you mean "severity"')),
        (_not_a_number, ("signals.errors.peak", "nan")),
    ],
)
def test_a_skeleton_that_cannot_be(
    cli: Cli, tmp_path: Path, spoil: Callable[[Json], None], parts: tuple[str, ...]
) -> None:
    """A cascade in a circle or into nothing, a misspelt field, a figure that is none."""
    skeleton = json.loads((data_root() / TEMPLATE).read_text(encoding="utf-8"))
    spoil(skeleton)
    (tmp_path / "mine.json").write_text(json.dumps(skeleton), encoding="utf-8")
    for words in (("generate", "mine.json"), ("generate", "./mine.json", "-o", "out"), ("scenarios", "mine.json")):
        ran = cli(*words)
        assert ran.code == 2
        assert [part for part in parts if part not in ran.complaint] == []
    assert [path.name for path in tmp_path.iterdir()] == ["mine.json"]


def test_an_impossible_time_zone(cli: Cli, tmp_path: Path, library_people: dict[str, object]) -> None:
    """A persona lives somewhere."""
    person = library_people["alice"]
    assert isinstance(person, dict)
    person["timezone"] = "Europe/Belin"
    (tmp_path / "people.json").write_text(json.dumps(library_people), encoding="utf-8")
    ran = cli("generate", "cache-failure", "--personas", "people.json")
    assert ran.code == 2
    assert "alice.timezone: 'Europe/Belin' is not a time zone" in ran.complaint
    assert "berlin" in ran.complaint.lower()


@pytest.mark.parametrize("offset", [math.nan, math.inf, 1e300, -1e12, 10**400])
def test_an_offset_that_is_no_time(cli: Cli, made: Path, offset: float) -> None:
    """Validation finds it; export refuses it; neither falls over."""
    incident = json.loads(made.read_text(encoding="utf-8"))
    incident["timeline"][3]["offset_seconds"] = offset
    made.write_text(json.dumps(incident), encoding="utf-8")
    found = cli("validate", made)
    assert (found.code, found.err) == (1, "")
    assert "timeline[3]" in found.out
    for form in ("json", "text", "html", "markdown"):
        ran = cli("export", made, "--to", form)
        assert ran.code == 2
        assert "validate" in ran.complaint


@pytest.mark.parametrize("start", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+05:00"])
def test_a_start_at_the_end_of_time(cli: Cli, made: Path, start: str) -> None:
    """A start time without room around it is no traceback."""
    incident = json.loads(made.read_text(encoding="utf-8"))
    incident["start_time"] = start
    made.write_text(json.dumps(incident), encoding="utf-8")
    assert cli("validate", made).code in {0, 1}
    assert "out of range" in cli("export", made, "--to", "html").complaint


def test_strange_names_do_not_steer_the_terminal(cli: Cli) -> None:
    """A name with control characters is shown without them, on one line."""
    ran = cli("generate", "cache\x1b[31m\nfailure")
    assert ran.code == 2
    assert "\x1b" not in ran.complaint
