"""Where the environment is, and whether it is complete. Every start reads this, so it imports next to nothing."""

import os
import sys

SCHEMA = b"digits launcher 2"  # count up to make every environment install again
FIRST, LAST = (3, 11), (3, 13)  # the Pythons that everything in constraints.txt is built for
DEBUG = "--debug" in sys.argv[1:] or os.environ.get("DIGITS_DEBUG", "0") not in ("", "0")
WINDOWS = os.name == "nt"
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
SCRIPT = os.path.join(ROOT, "digits")
DEFAULT = os.path.join(ROOT, ".venv")
VENV = os.path.abspath(os.path.join(ROOT, os.path.expanduser(os.environ.get("DIGITS_VENV") or DEFAULT)))
CONFIG = os.path.join(VENV, "pyvenv.cfg")
SOURCES = tuple(os.path.join(ROOT, name) for name in ("pyproject.toml", "constraints.txt"))
# In the environment: complete (written last), made by this launcher, held while installing, the installers' words.
STAMP, MARK, LOCK, LOG = (os.path.join(VENV, "digits-" + name) for name in ("installed", "made", "lock", "install.log"))
EXTRAS = b"extras "  # what the line of the stamp begins with that names them
INCLUDES = {"dev": ("dev", "class", "deploy"), "class": ("class",), "deploy": ("deploy",)}  # an extra: what it serves


class Problem(Exception):
    """What to tell the learner, and the exit status that goes with it."""

    def __init__(self, text, status=1):
        super().__init__(text)
        self.status = status


def in_scripts(folder, name):
    return os.path.join(folder, "Scripts", name + ".exe") if WINDOWS else os.path.join(folder, "bin", name)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def header():
    """Where the environment is and which Python it runs on. Where this changed, it has to be made again."""
    python, config = os.path.realpath(in_scripts(VENV, "python")), read(CONFIG)
    # On Windows that Python is a copy, and only pyvenv.cfg knows where the real one is.
    homes = [line.split(b"=", 1)[1].strip() for line in config.splitlines() if line.startswith(b"home")]
    if not os.path.exists(python) or not all(os.path.isdir(os.fsdecode(home)) for home in homes):
        raise FileNotFoundError(python)
    return b"\n".join([SCHEMA, os.fsencode(ROOT), os.fsencode(VENV), os.fsencode(python), config])


def complete(extras):
    """What the stamp of a finished environment says, word for word: quicker than importing a hash function."""
    names = EXTRAS + " ".join(sorted(extras)).encode()
    return b"\n".join([header(), names] + [read(path) for path in SOURCES])


def extras_here():
    """The extras that the environment was given, so far as its stamp says."""
    try:
        lines = read(STAMP).splitlines()
    except OSError:
        return set()
    return {name for line in lines if line.startswith(EXTRAS) for name in line[len(EXTRAS) :].decode().split()}


def serves(extras, extra):
    """Whether packages that were installed for some extras are enough for a command that needs this one."""
    return extra is None or any(extra in INCLUDES.get(name, ()) for name in extras)


def is_ready(extra=None):
    """Whether the environment is complete for the project's files as they are, with an extra if a command needs it."""
    here = extras_here()
    try:
        return serves(here, extra) and read(STAMP) == complete(here)
    except OSError:
        return False


def is_usable():
    """Whether the environment was complete once and can still start: perhaps for an earlier state of the files."""
    try:
        return read(STAMP).startswith(header()) and os.path.exists(in_scripts(VENV, "digits"))
    except OSError:
        return False


def say(text, status=None):
    """Print a sentence, wrapped between words if it goes to a terminal."""
    text = "digits: " + text
    if sys.stderr.isatty():
        import textwrap

        width = max(20, terminal_width())
        text = textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
    return status


def terminal_width():
    try:
        return int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
