"""Makes a wheel: the grader for students, which pip installs on a laptop, in JupyterHub or in Colab."""

import hashlib
import re
import tempfile
from email import message_from_string
from importlib.metadata import distribution
from pathlib import Path

from grader.classroom.folder import CourseFolder, write_output
from grader.classroom.publish.students_copy import files_of_copy
from grader.classroom.settings import read_settings

PROJECT = "digits-course"
DIGITS_OF_VERSION = 8  # of the digest of the wheel's files
WHEEL = "Wheel-Version: 1.0\nGenerator: digits\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def write_wheel(folder: CourseFolder, keeps_name: bool = False) -> Path:
    """Write ``reports/digits_course-VERSION-py3-none-any.whl``, and return where it is.

    The version ends in the name of the course and a digest of the files, as in 0.2.0+ml.2026.1a2b3c4d, so pip replaces
    an earlier wheel whenever anything in it has changed.

    Args:
        keeps_name: leave out the digest, so that an address that somebody has written down stays right.

    Raises:
        CourseError: the settings of the course cannot be read, or the wheel cannot be written.
    """
    from wheel.wheelfile import WheelFile

    files = dict(files_of_copy(folder))
    version = _version(read_settings(folder).course_id, {} if keeps_name else files)
    info = f"digits_course-{version}.dist-info"
    files |= {
        f"{info}/METADATA": _metadata(version).encode(),
        f"{info}/WHEEL": WHEEL.encode(),
        f"{info}/entry_points.txt": (distribution(PROJECT).read_text("entry_points.txt") or "").encode(),
    }
    with tempfile.TemporaryDirectory() as draft:
        path = Path(draft, f"digits_course-{version}-py3-none-any.whl")
        with WheelFile(path, "w") as wheel:  # it adds the list of all files with their hashes
            for name, raw in files.items():
                wheel.writestr(name, raw)
        return write_output(folder.reports / path.name, path.read_bytes())


def _version(course_id: str, files: dict[str, bytes]) -> str:
    """The course's version, and after it what is special about this copy; without files, only its name."""
    name = ".".join(re.findall(r"[a-z0-9]+", course_id.lower())) or "class"
    digest = hashlib.sha256()
    for path, raw in files.items():
        digest.update(hashlib.sha256(path.encode()).digest() + hashlib.sha256(raw).digest())
    parts = [name, digest.hexdigest()[:DIGITS_OF_VERSION]] if files else [name]
    return f"{distribution(PROJECT).version}+{'.'.join(parts)}"


def _metadata(version: str) -> str:
    """What this installation says of itself, with another version, and without what only maintainers install."""
    message = message_from_string(distribution(PROJECT).read_text("METADATA") or "")
    message.replace_header("Version", version)
    needed = [value for value in message.get_all("Requires-Dist", []) if "extra ==" not in value]
    for header in ("Requires-Dist", "Provides-Extra", "License-File"):
        del message[header]
    for value in needed:
        message["Requires-Dist"] = value
    return message.as_string()
