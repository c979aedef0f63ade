"""The documents, cut into their code blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from slackincidents.library import Library
from slackincidents.tellings import slots
from tests.source import ROOT

LIBRARY = Library()

FENCE = re.compile(
    r"^(?P<indent> *)(?P<mark>`{3,})(?P<info>[^`\n]*)\n(?P<body>.*?)^(?P=indent)(?P=mark) *$", re.M | re.S
)
UNTOUCHED = ("pip ", "git ", "make ", "cp ", "export ", "python3 ", "cd ", "source ", ". ")
"""Commands that change the machine: they are read, not run."""


@dataclass(frozen=True)
class Block:
    """One fenced code block. `flags` are the words after the language: ``norun``."""

    path: Path
    line: int
    language: str
    flags: tuple[str, ...]
    body: str

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.path.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True)
class Command:
    """A line after ``$`` and the output that the document shows for it."""

    line: str
    shown: tuple[str, ...]

    @property
    def untouched(self) -> bool:
        """True for what only changes the machine."""
        return self.line.startswith(UNTOUCHED)


def documents() -> tuple[Path, ...]:
    """Everything written for people."""
    return tuple(path for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))))


def blocks(path: Path) -> Iterator[Block]:
    """The code blocks of a document, in order."""
    text = path.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        words = match["info"].split()
        body = re.sub(rf"^{match['indent']}", "", match["body"], flags=re.M)
        language = words[0] if words else ""
        yield Block(path, text.count("\n", 0, match.start()) + 1, language, tuple(words[1:]), body)


def commands(block: Block) -> Iterator[Command]:
    """The commands of a console block; a line that ends in a backslash goes on."""
    pending, shown = "", list[str]()
    for line in block.body.replace("\\\n", "").splitlines():
        if line.startswith("$ "):
            if pending:
                yield Command(pending, tuple(shown))
            pending, shown = line.removeprefix("$ "), []
        else:
            shown.append(line)
    if pending:
        yield Command(pending, tuple(shown))


def agrees(shown: tuple[str, ...], output: str) -> bool:
    """True when output is what was shown; ``...`` stands for any text, alone on a line for any lines."""
    pattern = "\n".join("...\n" if line.strip() == "..." else line for line in shown).replace("...\n\n", "...\n")
    parts = [re.escape(part) for part in pattern.rstrip().split("...")]
    return re.fullmatch(r"(?s:.*?)".join(parts), output.rstrip()) is not None


def bank_table() -> str:
    """The table of phrase banks: name, purpose and slots, from the banks themselves."""
    rows = ["| bank | what for | slots |", "|---|---|---|"]
    for name in LIBRARY.phrase_names():
        text = LIBRARY.phrases(name)
        purpose = re.match(r"\{# *(.*?) *#\}", text)
        used = " ".join(f"`{{{slot}}}`" for slot in sorted(slots(text)))
        rows.append(f"| `{name}` | {purpose[1] if purpose else ''} | {used} |")
    return "\n".join(rows)


def with_bank_table(text: str) -> str:
    """A document with the current table between its two marks."""
    return re.sub(r"(?s)(<!-- banks -->\n).*?(<!-- /banks -->)", lambda m: f"{m[1]}{bank_table()}\n{m[2]}", text)


def write() -> None:
    """Renew what is generated inside a document."""
    path = ROOT / "docs" / "phrases.md"
    path.write_text(with_bank_table(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
