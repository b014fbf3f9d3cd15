"""Updates a copy that git has made, from the place that it came from."""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from grader.course import CourseError
from grader.update.exercises import change, merged
from grader.update.git import Git, GitFailed
from grader.update.plan import Plan

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
        CourseError: it cannot be fetched, or the learner has changed files of the course that are no exercises.
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
    refuse_changes(git, base, before, after)
    changes = [
        change(Path(path).name, content(workspace / path), git.content(before.get(path)), git.content(after.get(path)))
        for path in sorted(filter(is_exercise, before.keys() | after.keys()))
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


def is_exercise(path: str) -> bool:
    return re.fullmatch(r"exercises/[\w.-]+\.py", path) is not None


def refuse_changes(git: Git, base: str, before: Tree, after: Tree) -> None:
    """Raise CourseError if a file of the course, other than an exercise, is neither as it was nor as it is to be."""
    paths = [path for path in sorted(before.keys() | after.keys()) if not is_exercise(path)]
    here = [path for path in paths if (git.folder / path).is_file()]
    names = git.names_of_files(here)
    changed = [path for path in here if names[path] not in {before.get(path), after.get(path)}]
    changed += [path for path in paths if (git.folder / path).is_dir()]
    if changed:
        more = f" and {len(changed) - MOST_NAMED} more" if len(changed) > MOST_NAMED else ""
        raise CourseError(
            f"The course was not updated: you have changed {', '.join(changed[:MOST_NAMED])}{more}. Keep a copy of "
            f"your version elsewhere, put the old one back with git checkout {base[:9]} -- FILE, then run ./digits "
            "update again; or bring in the new version yourself, with git merge."
        )


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def write_course(git: Git, new: str, before: Tree, after: Tree) -> None:
    """Write every file of the new version that is no exercise, and remove those that it no longer has."""
    with tempfile.TemporaryDirectory(prefix="digits-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        git.run("read-tree", new, variables=index)
        paths = [path for path in after if not is_exercise(path) and is_other(git, path, before, after)]
        listed = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
        git.run("checkout-index", "--force", "-z", "--stdin", variables=index, given=listed)
    for path in before.keys() - after.keys():
        if not is_exercise(path):
            (git.folder / path).unlink(missing_ok=True)
            remove_empty_folders((git.folder / path).parent, git.folder)


def is_other(git: Git, path: str, before: Tree, after: Tree) -> bool:
    return before.get(path) != after[path] or not (git.folder / path).exists()


def remove_empty_folders(folder: Path, top: Path) -> None:
    while folder != top:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def merge_commit(git: Git, head: str, base: str, new: str) -> str:
    """A commit that joins the learner's own commits with the new version.

    It holds the new version, the files that the learner has added, and the learner's exercises as committed, merged.
    """
    own, start, wanted = git.tree(head), git.tree(base), git.tree(new)
    kept = {path: blob for path, blob in own.items() if start.get(path) != blob and path not in wanted}
    for path in (path for path in own if is_exercise(path) and path in wanted and own[path] != start.get(path)):
        kept[path] = joined(git, own[path], start.get(path), wanted[path])
    with tempfile.TemporaryDirectory(prefix="digits-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        git.run("read-tree", new, variables=index)
        lines = "".join(f"100644 {blob}\t{path}\0" for path, blob in kept.items()).encode("utf-8", "surrogateescape")
        git.run("update-index", "-z", "--index-info", variables=index, given=lines)
        tree = git.run("write-tree", variables=index).decode().strip()
    author = {} if git.words("config", "user.email") else AUTHOR
    told = ("-m", "Update the course")
    return git.run("commit-tree", tree, "-p", head, "-p", new, *told, variables=author).decode().strip()


def joined(git: Git, own: str, start: str | None, wanted: str) -> str:
    """The name of the content that a committed exercise gets."""
    mine, base, new = (git.content(blob) for blob in (own, start, wanted))
    both = merged(mine, base, new) if mine and base and new else None
    return own if both is None else git.run("hash-object", "-w", "--stdin", given=both).decode().strip()


def version_of(git: Git, commit: str) -> str:
    found = re.search(r'^version = "(.+?)"', git.words("show", f"{commit}:pyproject.toml"), re.MULTILINE)
    return found[1] if found else commit[: len("1234567")]
