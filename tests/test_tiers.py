"""A machine that allows no namespaces: the weaker tiers grade alike, and still keep what they promise."""

import contextlib
import json
import os
import sysconfig
import time
from pathlib import Path

import pytest
from conftest import TESTS, solution, zygotes_after
from debian import program
from test_attacks import AS_A_USER, attacked, read_expected, soon_empty

from grader.cli.app import run
from grader.course import find_lesson
from grader.engine.isolation import STOPS_NOT, TIERS, landlock, seccomp, system
from grader.engine.judge.processes import Engine
from grader.engine.judge.processors import descendants
from grader.engine.judge.source import Source, read_source
from grader.engine.runner.local import LocalEngine
from grader.engine.session import Session

ATTACKS = sorted((TESTS / "attacks").iterdir())
PIXELS, DENSE = find_lesson("pixels"), find_lesson("dense")
NO_NAMESPACES = """
from grader.engine.runner import zygote
from grader.engine.isolation import bubblewrap, root

def refuse(place):
    raise PermissionError("no namespaces here")

root.enter, root.can_be_made = refuse, lambda: False
"""
WEAKER = {
    "bubblewrap": NO_NAMESPACES + "zygote.main()",
    # As on a kernel whose Landlock does not know signals yet
    "landlock": NO_NAMESPACES
    + "from grader.engine.isolation import landlock; landlock.SCOPES = {};"
    + "bubblewrap.wrap = lambda *arguments: None; zygote.main()",
}
CALLS = {name: numbers[0 if system.MACHINE == "x86_64" else 1] for name, numbers in seccomp.SELF_ONLY.items()}
CALLS |= {name: seccomp.DENIED[name][0 if system.MACHINE == "x86_64" else 1] for name in ("tkill", "ioprio_set")}
HELP = f"""
import ctypes, fcntl, multiprocessing, os, resource, socket, stat, subprocess
INOTIFY_INIT1 = {seccomp.DENIED["inotify_init1"][0 if system.MACHINE == "x86_64" else 1]}
LANDLOCK_CREATE_RULESET = 444
PRCTL = {seccomp.REFUSED_ARGUMENTS["prctl"][0][0 if system.MACHINE == "x86_64" else 1]}

def call(*arguments):
    library = ctypes.CDLL(None, use_errno=True)
    if library.syscall(*arguments) == -1:
        raise OSError(ctypes.get_errno(), "refused")

def make(path):
    open(path, "w").close()
    return path
"""
pytestmark = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")


def engines() -> list:
    """Each weaker tier with root's zygotes, and thoroughly with an ordinary user's, who may be all that there is."""
    if os.geteuid() != 0:
        return [(tier, "user") for tier in WEAKER]
    of_users = [pytest.param((tier, "user"), marks=pytest.mark.thorough) for tier in WEAKER]
    return [*((tier, "root") for tier in WEAKER), *of_users]


@pytest.fixture(scope="module", params=engines(), ids="-".join)
def weaker(request):
    """An engine whose zygotes find no namespaces: root's, and an ordinary user's."""
    tier, who = request.param
    if tier == "bubblewrap" and program("bubblewrap", "bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    start = AS_A_USER if os.geteuid() == 0 and who == "user" else ""
    with Engine(zygotes_after(start + WEAKER[tier])) as engine:
        assert engine.tier("numpy") == tier
        yield engine


def checks_of(engine, lesson, path) -> list[dict]:
    with Session(lesson, read_source(path), engine) as session:
        return [result.to_json() for result in session.verdict().checks]


def test_every_tier_says_what_it_does_not_stop():
    assert set(STOPS_NOT) == set(TIERS)


@pytest.mark.sampled
@pytest.mark.parametrize("path", [solution(PIXELS), TESTS / "mistakes/01_pixels/scaled-per-image.py"])
def test_the_verdict_is_the_same_without_namespaces(path, engine, weaker):
    assert checks_of(weaker, PIXELS, path) == checks_of(engine, PIXELS, path)


@pytest.mark.thorough
def test_keras_works_without_namespaces(engine, weaker):
    path = TESTS / "mistakes/05_dense/trains-another-model.py"  # it trains a little
    assert checks_of(weaker, DENSE, path) == checks_of(engine, DENSE, path)


@pytest.mark.parametrize(
    "attempt",
    [
        f"open({str(solution(PIXELS))!r}).read()",
        "open('/etc/hostname').read()",
        "os.listdir('/proc')",
        "open(f'/proc/{os.getppid()}/status').read()",
        "open('/tmp/left-behind', 'w')",
        "open('/dev/shm/left-behind', 'w')",
        "os.kill(os.getppid(), 9)",
        "os.setsid()",
        "socket.socket()",
        "os.fork()",
        "os.forkpty()",
        "subprocess.run(['true'])",
        "multiprocessing.get_context('spawn').Process(target=print).start()",
        "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (3, 3))",
        "os.mknod('zero', 0o600 | stat.S_IFCHR, os.makedev(1, 5))",
        "os.chown(make('mine'), 12345, 12345)",
        "os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))",
        "os.sched_setaffinity(0, {0})",
        "os.nice(-3)",
        f"call({CALLS['tgkill']}, os.getppid(), os.getppid(), 0)",
        f"call({CALLS['tkill']}, os.getppid(), 0)",
        f"call({CALLS['rt_sigqueueinfo']}, os.getppid(), 0, ctypes.create_string_buffer(128))",
        f"call({CALLS['rt_tgsigqueueinfo']}, os.getppid(), os.getppid(), 0, ctypes.create_string_buffer(128))",
        f"call({CALLS['ioprio_set']}, 1, os.getppid(), 0)",
        "os.kill(0, 0)",
        "os.setpriority(os.PRIO_USER, 0, 19)",
        "os.chmod(make('mine'), 0o777)",
        "os.chmod('..', 0)",
        "os.chmod('/usr/bin/env', stat.S_IMODE(os.stat('/usr/bin/env').st_mode))",
        "os.utime(make('mine'))",
        "os.setxattr(make('mine'), 'user.mine', b'')",
        "call(INOTIFY_INIT1, 0)",
        "fcntl.fcntl(os.pipe()[0], 10, 9)",
        "fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, os.getppid())",
        "fcntl.ioctl(os.pipe()[0], 0x8901, bytes(4))",
        "call(PRCTL, 4, 0, 0, 0, 0)",
        "call(PRCTL, 22, 2, 0, 0, 0)",
        "call(LANDLOCK_CREATE_RULESET, 0, 0, 1)",
        "fcntl.fcntl(open(os.__file__), fcntl.F_SETLEASE, fcntl.F_RDLCK)",
        "fcntl.fcntl(os.open('/usr/lib', os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_ACCESS)",
    ],
)
def test_what_the_weaker_tiers_stop(attempt, weaker):
    code = f"{HELP}\ndef label_counts(labels, num_classes=10):\n    {attempt}\n"
    with Session(PIXELS, Source(code.encode(), "attempt.py"), weaker) as session:
        result = session.verdict().checks[0]
    assert result.message.startswith(("PermissionError", "FileNotFoundError", "OSError")), result.message


def test_nothing_that_a_runner_started_outlives_it(weaker):
    code = """
import os, time
def label_counts(labels, num_classes=10):
    open("scratch", "w").write("something")
    if os.fork() == 0:
        time.sleep(60)
    return labels
"""
    with Session(PIXELS, Source(code.encode(), "daemon.py"), weaker) as session:
        session.verdict()
    zygote = weaker.zygote_pid("numpy")
    deadline = time.monotonic() + 3
    while (left := children(zygote)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []
    assert_cleared(zygote)


@pytest.mark.parametrize("inner", [".", "../..", "/tmp"], ids=["folders", "links", "a link away"])
def test_folders_within_folders_are_cleared_away(inner, weaker):
    code = f"""
import os
def label_counts(labels, num_classes=10):
    for _ in range(1500):
        os.mkdir("deeper")
        os.symlink({inner!r}, "link")
        open("file", "w").close()
        os.chdir("deeper")
    return labels
"""
    zygote = weaker.zygote_pid("numpy")
    with Session(PIXELS, Source(code.encode(), "deep.py"), weaker) as session:
        verdict = session.verdict()
    assert verdict.outcome == "graded", verdict.message
    assert weaker.zygote_pid("numpy") == zygote, weaker.replaced
    assert_cleared(zygote)


def test_what_takes_long_to_clear_away_keeps_nobody_waiting(weaker):
    """Of folders that nobody may look into there are some, too."""
    code = """
import os
def label_counts(labels, num_classes=10):
    os.mkdir("closed", 0)
    for number in range(8_000):
        os.mkdir(str(number))
    return labels
"""
    zygote = weaker.zygote_pid("numpy")
    with Session(PIXELS, Source(code.encode(), "many.py"), weaker) as session:
        session.verdict()
    with Session(PIXELS, read_source(solution(PIXELS)), weaker) as session:
        verdict = session.verdict()
    assert verdict.score == verdict.max_score
    assert weaker.zygote_pid("numpy") == zygote, weaker.replaced
    assert_cleared(zygote)


def assert_cleared(zygote: int) -> None:
    """No runner's folder is left in a zygote's; what is large may take a while."""
    end = time.monotonic() + 600
    while list(Path(f"/proc/{zygote}/cwd").glob("runner-*")):
        assert time.monotonic() < end, "folders are left"
        time.sleep(0.05)


@pytest.mark.thorough
@pytest.mark.attack
@pytest.mark.parametrize(
    "folder",
    [folder for folder in ATTACKS if attacked(read_expected(folder)).runtime == "numpy"],
    ids=lambda folder: folder.name,
)
def test_an_attack_gets_no_more_without_namespaces(folder, weaker):
    expected = read_expected(folder)
    zygote = weaker.zygote_pid("numpy")
    (submission,) = folder.glob("submission.*")
    with Session(attacked(expected), read_source(submission), weaker) as session:
        verdict = session.verdict()
    assert verdict.score <= expected["score"]
    assert verdict.outcome != "grader_error", verdict.message
    assert weaker.zygote_pid("numpy") == zygote, weaker.replaced
    assert soon_empty(lambda: set(descendants(zygote)) - {zygote}) == set(), "processes are left"
    assert_cleared(zygote)


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_a_submission_does_not_run_where_nothing_isolates_it(monkeypatch, capsys):
    monkeypatch.setattr("grader.cli.commands.grade.Engine", lambda connect: LocalEngine(debug=False))
    file = str(solution(PIXELS))
    assert run(["grade", file]) == 2
    assert "nothing was run" in capsys.readouterr().err
    assert run(["grade", file, "--allow-unsafe"]) == 0
    assert STOPS_NOT["none"][1:20] in " ".join(capsys.readouterr().out.split())


def test_a_weaker_tier_is_told_with_the_verdict(weaker, monkeypatch, capsys):
    monkeypatch.setattr("grader.cli.commands.grade.Engine", lambda connect: contextlib.nullcontext(weaker))
    tier = weaker.tier("numpy")
    assert run(["grade", str(solution(PIXELS))]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert tier in said
    assert STOPS_NOT[tier].split()[-1] in said
    assert run(["grade", str(solution(PIXELS)), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["isolation"] == tier


def test_a_runner_has_no_capability(weaker, request):
    code = """
def label_counts(labels, num_classes=10):
    with open("/proc/self/status") as file:
        status = dict(line.split(maxsplit=1) for line in file if line.startswith(("Cap", "NoNew")))
    raise ValueError(" ".join(status[name + ":"].strip() for name in ("CapEff", "CapPrm", "CapBnd", "NoNewPrivs")))
"""
    with Session(PIXELS, Source(code.encode(), "attempt.py"), weaker) as session:
        told = session.verdict().checks[0].message
    effective, permitted, bounding, no_new = told.removeprefix("ValueError: ").split()[:4]
    assert (int(effective, 16), int(permitted, 16), no_new) == (0, 0, "1"), told
    if os.geteuid() == 0 and request.node.callspec.params["weaker"][1] == "root":  # only root can give these up, too
        assert int(bounding, 16) == 0, told


def test_the_course_is_hidden_where_pip_has_installed_it():
    """The course among the interpreter's packages, where a runner reads everything else."""
    packages = Path(sysconfig.get_path("purelib"))
    course, other = packages / "pytest", packages / "numpy"
    assert course.is_dir()
    program = WEAKER["landlock"].replace("zygote.main()", f"root.PACKAGE = root.Path({str(course)!r}); zygote.main()")
    code = f"""
def label_counts(labels, num_classes=10):
    open({str(other / "__init__.py")!r}).read()
    open({str(course / "__init__.py")!r}).read()
"""
    with Engine(zygotes_after(program)) as engine:
        assert engine.tier("numpy") == "landlock"
        with Session(PIXELS, Source(code.encode(), "attempt.py"), engine) as session:
            told = session.verdict().checks[0].message
    assert told.startswith("PermissionError"), told
    assert str(course) in told


@pytest.mark.parametrize("place", ["share/course", "src/course"])
def test_work_among_the_interpreters_files_is_not_graded(place, monkeypatch, tmp_path, capsys):
    prefix = tmp_path / "prefix"
    folder = prefix / place
    folder.mkdir(parents=True)
    monkeypatch.setattr("grader.engine.isolation.root.PREFIXES", (str(prefix),))
    file = folder / "01_pixels.py"
    file.write_bytes(solution(PIXELS).read_bytes())
    status = run(["grade", str(file)])
    if place.startswith("share"):
        assert status == 2
        assert "which every submission can read" in " ".join(capsys.readouterr().err.split())
    else:
        assert status == 0
