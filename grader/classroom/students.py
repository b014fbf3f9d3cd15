"""Names of students and of their files: whoever hands in chooses them, so they are data and never believed."""

import os
import unicodedata

MAX_BYTES = 200  # of a student's name, which has to fit into file names with something added


def safe_for_display(name: str) -> str:
    """A name to show in one line: what cannot be seen, line ends and marks of direction become question marks."""
    return "".join(character if character.isprintable() else "?" for character in name)


def canonical_name(name: str) -> str:
    """The same text for all names that people take for one: in another case or Unicode form, or spaced otherwise."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def is_usable(name: str) -> bool:
    """True for a name under which a student's results can be kept and shown."""
    return name.isprintable() and 0 < len(os.fsencode(name)) <= MAX_BYTES and not name.startswith(".")
