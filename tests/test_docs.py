"""What the documents say exists: links, commands, rooms, terms and versions."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
import typer.main
import yaml
from test_architecture import ROOMS

from grader.authoring.anchors import FENCED, anchors
from grader.cli.app import app, run
from grader.course import REPOSITORY
from grader.engine.isolation import TIERS

DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
HOOKS = REPOSITORY / ".pre-commit-config.yaml"
WITH_COMMANDS = [*(path for path in DOCUMENTS if path.name != "CHANGELOG.md"), *WORKFLOWS, HOOKS]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
IN_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
COMMAND = re.compile(r"(?:^|(?<=&& )|(?<=srun )|(?<=run: )|(?<=entry: ))(?:\./digits|python digits|digits)\b(.*)")
GROUP = typer.main.get_command(app)


def text(path: Path) -> str:
    return path.read_text("utf-8")


def short(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def rows(path: Path, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, the table's own head aside."""
    section = re.split(r"^#+ ", text(path), flags=re.MULTILINE)
    (lines,) = [part.splitlines()[1:] for part in section if part.splitlines()[:1] == [heading]]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return cells[2:]


# Links


@pytest.mark.parametrize("path", DOCUMENTS, ids=short)
def test_every_link_leads_somewhere(path):
    prose = FENCED.sub("", text(path))
    for target in LINK.findall(prose):
        if target.startswith(("http:", "https:")):
            continue
        name, _, anchor = target.partition("#")
        found = (path.parent / name).resolve() if name else path
        assert found.exists(), target
        assert found.is_relative_to(REPOSITORY.resolve()), target
        assert not anchor or anchor in anchors(text(found)), target


# Commands


def commands_in(path: Path) -> list[str]:
    """What a document has people or machines type after ``digits``."""
    if path.suffix == ".md":
        fenced = [line for part in FENCED.findall(text(path)) for line in part.splitlines()]
        pieces = [*fenced, *IN_CODE.findall(FENCED.sub("", text(path)))]
    else:
        pieces = text(path).splitlines()
    found = [match for piece in pieces for match in COMMAND.finditer(piece.strip().removeprefix("$ "))]
    return [re.split(r" +#| && |…", match[1])[0].strip() for match in found]


def unknown_word(typed: str) -> str | None:
    """The first word of a command line that the program does not know; None if it knows them all."""
    command, options = GROUP, set()
    for word in typed.split():
        options |= {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
        if word.startswith("--"):
            passes_on = command.context_settings.get("ignore_unknown_options", False)
            if not passes_on and word.partition("=")[0] not in options:
                return word
        elif hasattr(command, "commands") and re.fullmatch(r"[\w-]+", word):
            if word not in command.commands:
                return word
            command = command.commands[word]
    return None


@pytest.mark.parametrize("path", WITH_COMMANDS, ids=short)
def test_every_command_exists(path):
    assert {typed: word for typed in commands_in(path) if (word := unknown_word(typed))} == {}


def test_commands_are_found_where_people_read_them():
    assert "dev check serving" in commands_in(REPOSITORY / "CONTRIBUTING.md")
    assert "class grade" in commands_in(REPOSITORY / "README.md")
    assert "dev build --check" in commands_in(HOOKS)
    assert "test --all" in commands_in(WORKFLOWS[0])
    assert unknown_word("no-such-command") == "no-such-command"
    assert unknown_word("dev no-such-command") == "no-such-command"
    assert unknown_word("check --no-such-option dense") == "--no-such-option"


def commands(group: click.Command, name: str = "digits") -> Iterator[tuple[str, click.Command]]:
    yield name, group
    for word, command in getattr(group, "commands", {}).items():
        yield from commands(command, f"{name} {word}")


def test_every_help_is_a_sentence():
    texts = [(name, parameter.help) for name, command in commands(GROUP) for parameter in command.params]
    texts = [(name, text) for name, text in texts if text]
    assert len(texts) > 40
    assert [(name, text) for name, text in texts if not text.endswith((".", ".)"))] == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("class grade --jobs 0", "equal to 1. For help: ./digits class grade --help\n"),
        ("class nope", "There is no command nope. For help: ./digits class --help\n"),
        ("--nope", "There is no option --nope. For help: ./digits --help\n"),
    ],
)
def test_a_wrong_command_line_names_the_help_of_its_command(typed, told, capsys):
    assert run(typed.split()) == 2
    assert capsys.readouterr().err.endswith(told)


# Architecture and glossary


def test_the_table_of_rooms_is_the_tested_one():
    table = {
        room.strip("`"): ", ".join(re.findall(r"`([\w.]+)`", imports))
        for room, imports, _ in rows(REPOSITORY / "docs" / "architecture.md", "The rooms")
    }
    wanted = {room: ", ".join(sorted(imports)) for room, imports in ROOMS.items()}
    lines = [f"| `{room}` | {', '.join(f'`{name}`' for name in sorted(ROOMS[room]))} |" for room in ROOMS]
    assert table == wanted, "These rows belong into docs/architecture.md:\n" + "\n".join(lines)
    assert all(meaning for _, _, meaning in rows(REPOSITORY / "docs" / "architecture.md", "The rooms"))


def test_every_term_of_the_glossary_is_in_use():
    code = "\n".join(
        text(path) for path in [*(REPOSITORY / "grader").rglob("*.py"), *(REPOSITORY / "tests").glob("*.py")]
    ).lower()
    terms = rows(REPOSITORY / "docs" / "glossary.md", "Glossary")
    assert len(terms) > 12
    for term, meaning, where in terms:
        name = term.strip("*")
        assert re.search(rf"\b{name}", code), name
        assert meaning.endswith((".", ".)"))
        assert LINK.findall(where), name


def test_the_picture_needs_no_network_and_can_be_read_aloud():
    picture = text(REPOSITORY / "docs" / "architecture.svg")
    root = ElementTree.fromstring(picture)
    children = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in root}
    assert children["title"]
    assert len(children["desc"]) > 100
    assert "prefers-color-scheme: dark" in picture
    assert re.findall(r"https?://(?!www\.w3\.org/)", picture) == []
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", picture)]
    assert min(sizes) >= 11


# Security, versions, continuous integration


def test_every_tier_has_its_promise():
    assert [row[0].strip("`") for row in rows(REPOSITORY / "SECURITY.md", "What the sandbox promises")] == list(TIERS)


def test_the_changelog_begins_with_the_version_of_the_project():
    version = tomllib.loads(text(REPOSITORY / "pyproject.toml"))["project"]["version"]
    assert re.findall(r"^## \[(.+?)\]", text(REPOSITORY / "CHANGELOG.md"), re.MULTILINE)[0] == version


def test_digits_says_its_version():
    command = [sys.executable, "-c", "from grader.cli import main; main()", "--version"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPOSITORY).stdout
    assert printed == f"digits {metadata.version('digits-course')}\n"


def test_the_workflow_tests_every_supported_python():
    jobs = yaml.safe_load(text(WORKFLOWS[0]))["jobs"]
    project = tomllib.loads(text(REPOSITORY / "pyproject.toml"))["project"]
    tested = jobs["quick"]["strategy"]["matrix"]["python"]
    assert f">={tested[0]}" == project["requires-python"]
    assert tested == ["3.11", "3.12", "3.13"]
    steps = {name: " ".join(step.get("run", "") for step in job["steps"]) for name, job in jobs.items()}
    assert "./digits test" in steps["quick"]
    assert "./digits test --all" in steps["nightly"]


def test_the_hooks_are_well_formed():
    hooks = [hook for repository in yaml.safe_load(text(HOOKS))["repos"] for hook in repository["hooks"]]
    assert [hook["id"] for hook in hooks] == ["ruff-format", "ruff-check", "generated-files", "mypy"]
    assert all(hook["name"] and hook["entry"] and hook["language"] == "system" for hook in hooks)
