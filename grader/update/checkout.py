"""Updates a copy that git has made, from the place that it came from."""

import os
import re
import shlex
import tempfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath

from grader.course import CourseError
from grader.update.exercises import change, is_written_in
from grader.update.git import Git, GitFailed
from grader.update.plan import Plan
from grader.update.writing import put, remove_empty_folders

MOST_NAMED = 5  # files that a sentence names
AUTHOR = {  # of a commit, where git knows no name
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (("NAME", "digits"), ("EMAIL", "digits@localhost"))
}
Tree = Mapping[str, str]


def is_checkout(workspace: Path) -> bool:
    """Whether the folder itself, and not one around it, is under git's care."""
    return (workspace / ".git").exists()


def plan_from_git(workspace: Path, place: Path | None) -> Plan | None:
    """Fetch the newest version and decide what to do. Nothing in the folder changes yet.

    Args:
        place: another checkout to take the new version from, in place of the one that this copy came from.

    Returns:
        None if this is the newest version already.

    Raises:
        CourseError: it cannot be fetched, or it changes a file that the learner has changed and that is neither an
            exercise nor part of a lesson.
    """
    git = Git(workspace)
    new = fetched(git, place)
    base, head = git.words("merge-base", "HEAD", new), git.words("rev-parse", "HEAD")
    if not base:
        raise CourseError("The course was not updated: the newer version has no history in common with this copy.")
    before, after = git.tree(base), git.tree(new)
    if "grader/course.toml" not in after:
        raise CourseError("The course was not updated: what was fetched is not this course.")
    if base == new:
        return None
    starts = started_from(git, base, new, before, after)
    refuse_changes(git, base, starts, before, after)
    changes = [
        change(path, content(workspace / path), git.content(start), git.content(after.get(path)))
        for path, start in starts.items()
        if is_written_in(path)
    ]

    def bring() -> None:
        commit = new if base == head else merge_commit(git, head, base, new)
        write_course(git, new, before, after)
        git.run("read-tree", commit)
        git.words("update-index", "-q", "--refresh")
        git.run("update-ref", "-m", "digits update", "HEAD", commit, head)  # last: until then, it can be done again

    needs = any(before.get(name) != after.get(name) for name in ("pyproject.toml", "constraints.txt"))
    return Plan(version_of(git, new), tuple(changes), bring, needs)


def fetched(git: Git, place: Path | None) -> str:
    """The newest commit of the course, fetched."""
    remote, branch = (str(place.absolute()), "HEAD") if place else source(git)
    try:
        git.run("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--", remote, branch)
    except GitFailed as error:
        told = f"{place} is not a copy that git has made" if place else "the place it came from cannot be reached"
        advice = "Check the network, then run ./digits update again." if not place else "Name another one."
        raise CourseError(f"The course was not updated: {told} ({error.said}). {advice}") from None
    return git.run("rev-parse", "FETCH_HEAD").decode().strip()


def source(git: Git) -> tuple[str, str]:
    """The remote and the branch that the course came from. A remote called upstream is the course of one's own fork."""
    remotes = git.words("remote").split()
    branch = git.words("symbolic-ref", "--short", "HEAD")
    own, followed = git.words("config", f"branch.{branch}.remote"), git.words("config", f"branch.{branch}.merge")
    if "upstream" in remotes:
        return "upstream", "HEAD"
    if own in remotes and followed:
        return own, followed
    if "origin" in remotes:
        return "origin", "HEAD"
    raise CourseError(
        "This copy does not know where it came from: git has no remote. Get a newer copy with git and run "
        "./digits update FOLDER."
    )


def started_from(git: Git, base: str, new: str, before: Tree, after: Tree) -> dict[str, str | None]:
    """For every file that the new version changes, the course's content that the learner's copy came with.

    After an update that was cut off, some files are those of the version that it was to bring.
    """
    paths = [path for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)]
    names = names_of(git, paths)
    other = [path for path, name in names.items() if name not in {before.get(path), after.get(path)}]
    known = git.published(base, new, other)
    return {path: names[path] if names.get(path) in known else before.get(path) for path in paths}


def names_of(git: Git, paths: Iterable[str]) -> dict[str, str]:
    """The names of the content of those files that are there."""
    return git.names_of_files([path for path in paths if (git.folder / path).is_file()])


def refuse_changes(git: Git, base: str, starts: Mapping[str, str | None], before: Tree, after: Tree) -> None:
    """Raise CourseError if a file that learners do not write in is neither as it was nor as it is to be, or if
    something else is where a file is to go."""
    names = names_of(git, (path for path in starts if not is_written_in(path)))
    other = [path for path, name in names.items() if name not in {starts[path], after.get(path)}]
    changed = [path for path in other if path in before]
    places = [path for path in starts if path in after and not (is_written_in(path) and path in before)]
    found = {obstacle(git.folder, path, before.keys() - after.keys()) for path in places}
    in_the_way = sorted({path for path in other if path not in before} | {path for path in found if path})
    told = []
    if changed:
        copies, old = ("a copy", "the old one") if len(changed) == 1 else ("copies", "the old ones")
        told.append(
            f"you have changed {named(changed)}, and so has the new version. Keep {copies} of yours elsewhere and put "
            f"{old} back with git checkout {base[:9]} -- {shlex.join(changed)}."
        )
    if in_the_way:
        verb, goes, them = ("is", "goes", "it") if len(in_the_way) == 1 else ("are", "go", "them")
        told.append(f"{named(in_the_way)} {verb} where a new part of the course {goes}. Move {them} somewhere else.")
    if told:
        merge = " Or bring in the new version yourself, with git merge." if changed else ""
        raise CourseError(f"The course was not updated: {' '.join(told)} Then run ./digits update again.{merge}")


def named(paths: list[str]) -> str:
    more = f" and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else ""
    return ", ".join(paths[:MOST_NAMED]) + more


def obstacle(top: Path, path: str, leaving: Collection[str]) -> str | None:
    """What is where a file is to go, or where one of its folders is to go; None if nothing is in the way.

    Args:
        leaving: files that the new version no longer has.
    """
    if os.path.lexists(top / path) and not (top / path).is_file():
        return path
    for parent in PurePosixPath(path).parents:
        is_free = not os.path.lexists(top / parent) or (top / parent).is_dir()
        if not is_free and str(parent) not in leaving:
            return str(parent)
    return None


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def write_course(git: Git, new: str, before: Tree, after: Tree) -> None:
    """Write every file of the new version that learners do not write in, and remove those that it no longer has.

    What the new version has not changed stays as it is. Each file is written whole or not at all.
    """
    leaving = [path for path in before if path not in after and not is_written_in(path)]
    paths = [path for path in after if not is_written_in(path) and is_to_come(git.folder, path, before, after)]
    with tempfile.TemporaryDirectory(prefix="digits-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        git.run("read-tree", new, variables=index)
        listed = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
        prefix = f"--prefix={Path(folder, 'course').as_posix()}/"
        git.run("checkout-index", prefix, "-z", "--stdin", variables=index, given=listed)
        for path in paths:
            make_way(git.folder, path)
            put(Path(folder, "course", path), git.folder / path)
    for path in leaving:
        if (git.folder / path).is_file():
            (git.folder / path).unlink()
        remove_empty_folders((git.folder / path).parent, git.folder)


def is_to_come(top: Path, path: str, before: Tree, after: Tree) -> bool:
    if before.get(path) != after[path]:
        return True
    return not os.path.lexists(top / path) and obstacle(top, path, ()) is None


def make_way(top: Path, path: str) -> None:
    """Remove a file of the old version that is a folder in the new one."""
    for parent in PurePosixPath(path).parents:
        if (top / parent).is_file():
            (top / parent).unlink()


def merge_commit(git: Git, head: str, base: str, new: str) -> str:
    """A commit that joins the learner's own commits with the new version.

    It holds the new version, what only the learner has changed or added, and the learner's exercises and lessons as
    committed, merged.
    """
    own, start, wanted = git.entries(head), git.entries(base), git.entries(new)
    kept = {path: entry for path, entry in own.items() if entry != start.get(path) and path not in wanted}
    for path in (path for path in own if path in wanted and own[path] != start.get(path)):
        if wanted[path] == start.get(path):
            kept[path] = own[path]
        elif is_written_in(path):
            kept[path] = joined(git, path, own[path], start.get(path), wanted[path])
    removed = [path for path in start if is_written_in(path) and path in wanted and path not in own]
    kept |= {path: f"0 {'0' * len(head)}" for path in removed}
    with tempfile.TemporaryDirectory(prefix="digits-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        git.run("read-tree", new, variables=index)
        lines = "".join(f"{entry}\t{path}\0" for path, entry in kept.items()).encode("utf-8", "surrogateescape")
        git.run("update-index", "-z", "--index-info", variables=index, given=lines)
        tree = git.run("write-tree", variables=index).decode().strip()
    author = {} if git.words("config", "user.email") else AUTHOR
    told = ("-m", "Update the course")
    return git.run("commit-tree", tree, "-p", head, "-p", new, *told, variables=author).decode().strip()


def joined(git: Git, path: str, own: str, start: str | None, wanted: str) -> str:
    """The entry that a committed exercise or lesson gets."""
    mine, base, new = (git.content(entry.split()[2]) if entry else None for entry in (own, start, wanted))
    held = change(path, mine, base, new).content
    if held is None or held == mine:
        return own
    blob = git.run("hash-object", "-w", "--stdin", given=held).decode().strip()
    return f"{own.partition(' ')[0]} blob {blob}"


def version_of(git: Git, commit: str) -> str:
    found = re.search(r'^version = "(.+?)"', git.words("show", f"{commit}:pyproject.toml"), re.MULTILINE)
    return found[1] if found else commit[: len("1234567")]
