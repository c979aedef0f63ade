from __future__ import annotations

import json
import weakref
from pathlib import Path

import pytest

from slackincidents.schema.kinds import what_of
from slackincidents.schema.workspace import Mix, Order
from slackincidents.stats import Collector, Measure, Reader, Stats, What
from slackincidents.stats.results import Line
from tests.cli.conftest import Cli
from tests.source import ROOT
from tests.stats.made import alert, plain, put, say, simple
from tests.workspace.histories import MONDAY, told

FOREIGN = ROOT / "tests" / "render" / "foreign"
SMALL = Order(seed="1", start=MONDAY, days=1, mix=Mix(noise=8.0, deploys=4.0, talk=4.0, incidents=4.0))


def figures(cli: Cli, *words: object) -> Stats:
    """The JSON of a command line that succeeds."""
    ran = cli("stats", *words, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    return Stats.model_validate_json(ran.out)


def test_a_table_with_median_and_spread(cli: Cli, tmp_path: Path) -> None:
    """The table says how many are known, the median, the middle half and what is missing, and why."""
    for n in range(1, 6):
        put(tmp_path / f"{n}.json", simple(ack=60 * n))
    put(tmp_path / "6.json", plain(say(0, "ann")))
    ran = cli("stats", ".", "--by", "severity")
    lines = ran.out.splitlines()
    assert (ran.code, lines[0]) == (0, "6 incidents. Clock: each file's own.")
    assert lines[4].split() == ["acknowledge", "5", "3m00s", "2m00s", "to", "4m00s", "-", "5m00s", "0", "1"]
    assert "acknowledge: 1 not known: no alert fired" in lines
    row = next(line for line in lines if line.startswith("SEV-2"))
    assert row.split()[:2] == ["SEV-2", "6"]
    assert "3m00s (2m00s to 4m00s) n=5  5m00s (5m00s to 5m00s) n=5  10m (10m to 10m) n=5" in row
    assert "By service" not in ran.out


def test_files_folders_and_both(cli: Cli, tmp_path: Path) -> None:
    """A folder stands for the incidents in it and below, and a file named twice counts once."""
    one, two = put(tmp_path / "a" / "1.json", simple()), put(tmp_path / "a" / "deep" / "2.json", simple(ack=90))
    put(tmp_path / "a" / ".hidden" / "3.json", simple())
    both = figures(cli, "a")
    assert both.sources.incidents == 2
    assert figures(cli, two, one).measures == both.measures
    assert figures(cli, "a", one).sources.left_out == {"files named twice": 1}


def test_other_files_in_a_folder_are_left_out_and_counted(cli: Cli, tmp_path: Path) -> None:
    """Schemas, answer keys and notes in a folder are no incidents and no error."""
    put(tmp_path / "a" / "1.json", simple())
    put(tmp_path / "a" / "1.answers.json", {"version": 1, "incidents": []})
    (tmp_path / "a" / "notes.json").write_text("not JSON", encoding="utf-8")
    (tmp_path / "a" / "notes.txt").write_text("hello", encoding="utf-8")
    (tmp_path / "a" / "s.json").write_bytes((ROOT / "scenarios" / "incident.schema.json").read_bytes())
    assert figures(cli, "a").sources.model_dump() == {
        "incidents": 1, "left_out": {"files in folders that are no incidents": 3},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.json", "{}", "scenario_id: Field required"),
        ("x.json", "[1", "is not JSON"),
        ("x.zip", "PK no", "cannot be unpacked"),
        ("x.jsonl", "{}\n", "x.jsonl:1: scenario_id: Field required"),
        ("x.json", json.dumps(plain(alert(0), start="soon")), "is not a date"),
        ("x.json", json.dumps(plain(alert(1e300))), "timeline[0].offset_seconds is not a time"),
        ("x.json", json.dumps(plain(alert(float("nan")))), "timeline[0].offset_seconds is not a time"),
    ],
)
def test_what_is_no_incident_is_said_in_one_line(cli: Cli, tmp_path: Path, name: str, content: str, says: str) -> None:
    """A file that was named and cannot be counted gives one line and exit code 2, and no figures."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    ran = cli("stats", name)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.complaint


def test_a_broken_file_does_not_stop_the_others(cli: Cli, tmp_path: Path) -> None:
    """The report is on what could be read, says how much could not, and the exit code is 2."""
    put(tmp_path / "a" / "1.json", simple())
    put(tmp_path / "a" / "2.json", {**simple(), "timeline": "none"})
    ran = cli("stats", "a", "missing.json", "--format", "json")
    found = Stats.model_validate_json(ran.out)
    assert (ran.code, len(ran.err.splitlines())) == (2, 2)
    assert (found.sources.incidents, found.sources.left_out) == (1, {"files and lines that could not be read": 2})


def test_an_empty_folder_is_refused(cli: Cli, tmp_path: Path) -> None:
    """No incident is no report of zeros."""
    (tmp_path / "empty").mkdir()
    ran = cli("stats", "empty")
    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint == "empty: no incident in it. Name incident files, or a folder of them."


def test_one_incident_a_line(cli: Cli, tmp_path: Path) -> None:
    """Lines of JSON in, lines of JSON out, one an incident; a broken line costs only itself."""
    text = f"{json.dumps(simple())}\n\nbroken\n{json.dumps(simple(ack=90))}\n"
    (tmp_path / "many.jsonl").write_text(text, encoding="utf-8")
    ran = cli("stats", "many.jsonl", "--format", "jsonl")
    lines = [Line.model_validate_json(line) for line in ran.out.splitlines()]
    assert (ran.code, [line.file for line in lines]) == (2, ["many.jsonl:1", "many.jsonl:4"])
    assert "many.jsonl:3" in ran.complaint
    assert [line.measures[measure].seconds for line in lines for measure in line.measures][:5] == [
        60,
        300,
        600,
        900,
        90,
    ]
    assert lines[0].pages == {"ann": "2024-12-11T14:30:00+00:00"}


def test_a_slack_export_of_ours_gives_the_figures_of_its_files(cli: Cli, tmp_path: Path) -> None:
    """Through an export, packed or unpacked, nothing is lost: same times, same pages."""
    for seed in (3, 4):
        assert cli("generate", "cache-failure", "--seed", seed, "--pace", "brief", "-o", f"a/{seed}.json").code == 0
    assert cli("export", "a/3.json", "a/4.json", "-o", "all.zip").code == 0
    straight, packed = figures(cli, "a"), figures(cli, "all.zip")
    assert straight.sources.incidents == 2
    assert packed == straight


def test_talk_without_an_alert_is_no_incident(cli: Cli, tmp_path: Path) -> None:
    """In a team's own export only stretches in which an alert fired count; silence divides them."""
    day = 1_733_900_000

    def post(at: float, **more: object) -> dict[str, object]:
        return {"type": "message", "ts": f"{day + at:.6f}", **more}

    fired = {
        "subtype": "bot_message",
        "username": "Grafana",
        "text": "",
        "attachments": [{"color": "danger", "title": "Slow"}],
    }
    morning = [post(0, **fired), post(50, user="U1", text="mine")]
    evening = [post(40_000, **fired), post(40_120, user="U1", text="me")]
    rooms = {"random": [post(0, user="U1", text="lunch?")], "ops": [*morning, *evening]}
    for room, posts in rooms.items():
        (tmp_path / "team" / room).mkdir(parents=True)
        (tmp_path / "team" / room / "2024-12-11.json").write_text(json.dumps(posts), encoding="utf-8")
    (tmp_path / "team" / "users.json").write_text('[{"id": "U1", "name": "ann"}]', encoding="utf-8")
    names = json.dumps([{"id": f"C{room}", "name": room} for room in rooms])
    (tmp_path / "team" / "channels.json").write_text(names, encoding="utf-8")
    found = figures(cli, ".")
    assert found.sources.incidents == 2
    assert found.sources.left_out == {"stretches of a team's talk in which no alert fired": 1}
    assert found.measures[Measure.ACKNOWLEDGE].seconds.median == (50 + 120) / 2
    assert figures(cli, "team", "--quiet-hours", 24).sources.incidents == 1


def test_a_page_is_written_whole_and_not_over_another(cli: Cli, tmp_path: Path) -> None:
    """-o writes what the ending of its name says, and refuses a file that is there, but for --force."""
    ran = cli("stats", FOREIGN, "-o", "report.html")
    assert (ran.code, ran.out, ran.err) == (0, "", "wrote report.html\n")
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "report.html exists" in cli("stats", FOREIGN, "-o", "report.html").complaint
    assert cli("stats", FOREIGN, "-o", "report.html", "--force").code == 0
    assert cli("stats", FOREIGN, "-o", "report.json").code == 0
    Stats.model_validate_json((tmp_path / "report.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("-o", "report.pdf"), "End it with"),
        (("--by", "sevice"), '"service"'),
        (("--timezone", "Mars/Base"), "is not a time zone"),
        (("--format", "jsn"), '"json"'),
        (("-o", "x.jsonl"), "standard output"),
    ],
)
def test_a_wrong_option_is_refused_with_a_remedy(cli: Cli, words: tuple[str, ...], says: str) -> None:
    """What cannot be is said at once, with what would do."""
    ran = cli("stats", FOREIGN, *words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.complaint


def test_the_same_incidents_in_two_folders_or_one(cli: Cli, tmp_path: Path) -> None:
    """Splitting a folder in two changes no byte of the figures."""
    for n in range(6):
        put(tmp_path / "all" / f"{n}.json", simple(ack=60 + 7 * n))
        put(tmp_path / ("left" if n % 2 else "right") / f"{n}.json", simple(ack=60 + 7 * n))
    assert figures(cli, "left", "right") == figures(cli, "right", "left") == figures(cli, "all")


def test_nothing_of_an_incident_is_kept_but_its_times(tmp_path: Path) -> None:
    """File by file: when the next incident is read, the one before the last is out of memory."""
    for n in range(8):
        put(tmp_path / f"{n}.json", simple())
    collector, alive = Collector(), []
    for found in Reader(pytest.fail, lambda error: pytest.fail(str(error))).read((tmp_path,)):
        collector.add(found.record)
        alive.append(weakref.ref(found.record))
        assert sum(one() is not None for one in alive) <= 2
    assert collector.incidents == 8


def test_lines_of_a_history_are_of_its_incidents(cli: Cli, tmp_path: Path) -> None:
    """Noise, deploys and talk are no line, or with --everything lines whose kind says so; the figures are the same."""
    records = told(SMALL)
    kinds = [what_of(record) for record in records]
    assert set(kinds) == set(What)
    lines = "".join(record.model_dump_json(by_alias=True, exclude_none=True) + "\n" for record in records)
    (tmp_path / "all.jsonl").write_text(lines, encoding="utf-8")
    shown, every = (
        cli("stats", "all.jsonl", "--format", "jsonl"),
        cli("stats", "all.jsonl", "--format", "jsonl", "--everything"),
    )
    some, all_of_it = ([Line.model_validate_json(line) for line in ran.out.splitlines()] for ran in (shown, every))
    assert [line.kind for line in all_of_it] == kinds
    assert some == [line for line in all_of_it if line.kind is What.INCIDENT]
    assert len(some) == figures(cli, "all.jsonl").sources.incidents


def test_everything_is_for_lines(cli: Cli) -> None:
    """Tables count what is no incident in a place of their own."""
    ran = cli("stats", FOREIGN, "--everything")
    assert (ran.code, ran.out) == (2, "")
    assert "--format jsonl" in ran.complaint
