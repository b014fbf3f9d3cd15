# ruff: noqa: RUF005
"""Every start of `./digits`: hand over to the environment; if it is not there yet, answer or install first."""

import os
import sys

from grader.launcher.place import (
    DEBUG,
    FIRST,
    LAST,
    MARK,
    ROOT,
    SCRIPT,
    VENV,
    WINDOWS,
    Problem,
    in_scripts,
    is_ready,
    is_usable,
    say,
)

REPAIR = "--repair"
RESTARTED = "DIGITS_RESTARTED"  # set where a newer Python has started this again


def start():
    """What `./digits` does. Comes back with an exit status only if nothing could be handed over to."""
    os.environ.pop("__PYVENV_LAUNCHER__", None)  # macOS: it would lead the environment's Python astray
    is_restarted = os.environ.pop(RESTARTED, None)
    try:
        release_interrupts()
        return prepare_and_hand_over(is_restarted)
    except KeyboardInterrupt:
        return say("Stopped. Run the command again to continue.", 130)
    except Problem as problem:
        if DEBUG:
            sys.excepthook(*sys.exc_info())
        return say(str(problem), problem.status)


def prepare_and_hand_over(is_restarted):
    is_repair = REPAIR in sys.argv[1:]
    if is_repair and {"-h", "--help"}.intersection(sys.argv[1:]):  # a question, not an order
        sys.argv.remove(REPAIR)
        is_repair = False
    if not is_repair:
        script = active_script()
        if script:
            hand_over(script)
        if is_ready():
            hand_over(in_scripts(VENV, "digits"))
            is_repair = True  # it does not start after all
    if not is_restarted:
        use_newer_python()
    if not is_repair and not is_usable() and answered_before_installation():
        return 0
    from grader.launcher.install import install  # no old Python gets here

    install(is_repair=is_repair)
    if is_repair and REPAIR in sys.argv[1:]:
        sys.argv.remove(REPAIR)
        if not sys.argv[1:]:
            return 0
    hand_over(in_scripts(VENV, "digits"))
    raise Problem(in_scripts(VENV, "digits") + " was installed, but does not start.")


def answered_before_installation():
    """Help, the version, the map and what is mistyped need no packages."""
    from grader.launcher.before import answer

    return answer(sys.argv[1:])


def active_script():
    """The digits command of the environment that is active, unless that one is this launcher's to look after."""
    in_venv = sys.prefix if sys.prefix != sys.base_prefix else None
    for folder in (os.environ.get("VIRTUAL_ENV"), in_venv, os.environ.get("CONDA_PREFIX")):
        if folder and not (os.path.exists(MARK) and os.path.realpath(folder) == os.path.realpath(VENV)):
            script = in_scripts(folder, "digits")
            if os.path.isfile(script) and os.path.realpath(script) != os.path.realpath(SCRIPT):
                return script
    return None


def hand_over(script):
    """Become the command. Comes back only if it cannot be started."""
    if os.path.isfile(script):
        prepare_environment()
        become([script] + sys.argv[1:])


def prepare_environment():
    """Python 3.11 and 3.12 do not start in a folder with an accent in its name where the locale is C, or is missing."""
    if not WINDOWS:
        from _locale import LC_CTYPE, setlocale

        if setlocale(LC_CTYPE, None) in ("C", "POSIX"):
            os.environ["LC_ALL"] = "C.UTF-8"


def become(command):
    """Replace this process by a command. Comes back only if it cannot be started."""
    try:
        if not WINDOWS:
            hold_back_interrupts()
            os.execv(command[0], command)
        import subprocess  # on Windows, execv would return to the prompt before the command ends

        child = subprocess.Popen(command)
    except OSError:
        release_interrupts()
        return
    while True:
        try:
            sys.exit(child.wait())
        except KeyboardInterrupt:  # the command got the Ctrl-C as well, and decides
            pass


def hold_back_interrupts():
    """From here on a Ctrl-C waits until the command is ready to end in silence: see `grader.cli.main`."""
    from signal import SIG_BLOCK, SIGINT, pthread_sigmask

    pthread_sigmask(SIG_BLOCK, {SIGINT})


def release_interrupts():
    if not WINDOWS:
        from signal import SIG_UNBLOCK, SIGINT, pthread_sigmask

        pthread_sigmask(SIG_UNBLOCK, {SIGINT})


def use_newer_python():
    """Where this Python is not one that the course is made for, start again with one on PATH that is."""
    version = sys.version_info[:2]
    if FIRST <= version <= LAST:
        return
    for python in pythons_on_path():
        os.environ[RESTARTED] = "1"
        become(python + [SCRIPT] + sys.argv[1:])
    if version < FIRST:
        text = "The course needs Python {}.{} or newer, but this is {}.{}. Install Python {}.{}, then try again."
        raise Problem(text.format(*(FIRST + version + LAST)), 2)


def pythons_on_path():
    """Commands that start a Python that the course is made for, the newest first."""
    import shutil
    import subprocess

    wanted = [f"{LAST[0]}.{minor}" for minor in range(LAST[1], FIRST[1] - 1, -1)]
    found = [[shutil.which("python" + name)] for name in wanted if shutil.which("python" + name)]
    if WINDOWS and shutil.which("py"):
        found += [[shutil.which("py"), "-" + name] for name in wanted]
    for python in found:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
        try:  # a command of that name may also be a stand-in that starts nothing (pyenv's)
            if subprocess.call(python + ["-c", "import sys; assert sys.version_info >= (3, 11)"], **quiet) == 0:
                yield python
        except OSError:
            pass
