"""`digits train`: trains the learner's own network on all training digits, shows how it went, and keeps it."""

import contextlib
from pathlib import Path
from typing import Any

import numpy as np

from grader.authoring.stubs import solution_path
from grader.cli.commands.check import read_own_work
from grader.cli.commands.training_page import curves, epoch_line, results
from grader.cli.live.progress_line import Progress, progress
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_workspace
from grader.data import load_mnist
from grader.engine.judge.client import clean
from grader.engine.judge.own_file import find_named
from grader.engine.judge.source import Source, read_source
from grader.feedback.text import paragraph
from grader.files import write_atomically
from grader.training.evaluation import evaluate
from grader.training.keeping import FOLDER, check_place, draft_beside, put_in_place
from grader.training.picture import draw_curves
from grader.training.process import training
from grader.training.recipes import RECIPES

ENDING = ".keras"


def train_network(
    name: str, epochs: int | None, batch_size: int | None, use_reference: bool, output: Path | None
) -> int:
    """Train the network of an exercise and save it; returns the exit status.

    Raises:
        CourseError: the exercise has no network, is not finished, or fails; or the network cannot be saved there.
    """
    terminal, workspace = Terminal(), find_workspace()
    lesson = find_named(name, workspace)
    settings = settings_for(lesson, epochs, batch_size)
    target = target_for(lesson, workspace, use_reference, output)
    try:
        check_place(target)
    except OSError as error:
        raise cannot_save(target, error) from None
    source = reference_source(lesson) if use_reference else read_own_work(lesson, workspace, name)
    draft = draft_beside(target)
    job = {
        "slug": lesson.slug,
        "name": source.name,
        "code": source.code.decode("utf-8", "replace"),
        "cells": list(source.cells),
        "settings": settings,
        "draft": str(draft),
    }
    terminal.title(lesson, source.name)
    try:
        told, done = follow(terminal, job, workspace)
        kept = put_in_place(draft, target)
    except KeyboardInterrupt:
        terminal.line(" Stopped. Nothing was saved.")
        return 130
    except OSError as error:
        raise cannot_save(target, error) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    evaluation = evaluate(load_mnist()[1][1], np.array(done["predicted"]))
    terminal.lines(curves(told, terminal.width, terminal.unicode))
    terminal.lines(results(evaluation, terminal.width, terminal.unicode))
    picture = save_picture(terminal, target, told, f"{lesson.title}: {evaluation.accuracy:.2%} of the test digits")
    terminal.line()
    for label, text in said_at_the_end(lesson, workspace, target, kept, picture):
        terminal.lines(paragraph(label, text, terminal.width, "quiet"))
    return 0


def cannot_save(target: Path, error: OSError) -> CourseError:
    return CourseError(f"The network cannot be saved as {target} ({error.strerror or error}).")


def settings_for(lesson: Lesson, epochs: int | None, batch_size: int | None) -> dict[str, int]:
    """What the training is told; the settings that were asked for, where the exercise takes them."""
    recipe = RECIPES.get(lesson.slug)
    if recipe is None or lesson.home:
        known = ", ".join(RECIPES)
        raise CourseError(f"Lesson {lesson.number}, {lesson.slug}, has no network to train. These have: {known}.")
    asked = {"epochs": epochs, "batch_size": batch_size}
    if batch_size and "batch_size" not in recipe.settings:
        raise CourseError(f"The batch size of {lesson.slug} is set in its own code. Change it there.")
    return recipe.defaults | {key: value for key, value in asked.items() if value is not None}


def target_for(lesson: Lesson, workspace: Path, use_reference: bool, output: Path | None) -> Path:
    """Where the network will be saved; its folder exists."""
    if output is None:
        folder = workspace / FOLDER
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise CourseError(f"The folder {folder} cannot be made ({error.strerror}).") from None
        return folder / f"{lesson.slug}{'-reference' if use_reference else ''}{ENDING}"
    if output.suffix != ENDING:
        raise CourseError(f"A network is saved in a {ENDING} file, so {output} must end in {ENDING}.")
    if not output.parent.is_dir() or output.is_dir():
        raise CourseError(f"The network cannot be saved as {output}: there is no such folder. Create it first.")
    return output.absolute()


def reference_source(lesson: Lesson) -> Source:
    """The course's own solution."""
    path = solution_path(lesson)
    if not path.is_file():
        raise CourseError(f"The reference solution of {lesson.slug} is not here. Leave out --reference.")
    return read_source(path, follow_links=True)


def follow(terminal: Terminal, job: dict[str, Any], workspace: Path) -> tuple[list[dict[str, float]], dict[str, Any]]:
    """Train, and show each epoch as it ends; returns the figures of all epochs, and what the process ended with."""
    epochs, total, done = list[dict[str, float]](), None, dict[str, Any]()
    with progress(terminal) as shown, training(job, workspace) as reports:
        shown.begin("starting")
        for report in reports:
            match report:
                case {"epochs": planned}:
                    total = planned
                    shown.begin("training")
                case {"place": place}:
                    show_place(shown, place, total)
                case {"epoch": figures}:
                    epochs.append(figures)
                    shown.clear()
                    terminal.line(*epoch_line(figures, total, terminal.width))
                case {"printed": text}:
                    shown.clear()
                    for line in clean(text, keep="\n").splitlines():
                        terminal.line((f"   {line}", "quiet"))
                case {"saving": _}:
                    shown.begin("reading the test digits")
                case {"problem": problem}:
                    raise CourseError(f"{problem} Check it: ./digits check {job['slug']}")
                case {"done": answer}:
                    done = answer
    return epochs, done


def show_place(shown: Progress, place: dict[str, float], total: int | None) -> None:
    """Pass a place in the training to the progress line, in the form that a runner reports it."""
    epoch = int(place["epoch"])
    shown.training({"epoch": epoch, "epochs": max(total or epoch + 1, epoch + 1), "step": place["share"], "steps": 1})


def save_picture(terminal: Terminal, target: Path, told: list[dict[str, float]], title: str) -> Path | None:
    """Draw the curves beside the network; none where there are none, or no room."""
    if not told:
        return None
    path = target.with_suffix(".png")
    try:
        write_atomically(path, draw_curves(told, title))
    except OSError as error:
        problem = f"The curves could not be written to {path.name} ({error.strerror or error})."
        terminal.lines(paragraph("note", problem, terminal.width, "question"))
        return None
    return path


def said_at_the_end(
    lesson: Lesson, workspace: Path, target: Path, kept: Path | None, picture: Path | None
) -> list[tuple[str, str]]:
    """Where everything is now, and what can be done with it."""
    folder = workspace / FOLDER
    is_here = target.parent == folder
    shown = f"{FOLDER}/{target.name}" if is_here else str(target)
    drawn = f", and its curves as {picture.name}" if picture else ""
    said = [("saved", f"{shown}{drawn}.")]
    if kept:
        said.append(("kept", f"Your older network is now {kept.name} in the same folder."))
    draw = "./digits board, ./digits draw, or " if is_here else ""
    return [*said, ("next", f"{draw}./digits predict PHOTO --model {target.stem if is_here else target}")]
