"""Numbers, names and errors as people read them."""

import re


def percent(share: float) -> str:
    """A probability as text that never says 0% or 100%."""
    if share > 0.9995:
        return "over 99.9%"
    return f"{100 * share:.1f}%" if share >= 0.0005 else "under 0.1%"


def share(probability: float) -> str:
    """The same in six characters at most."""
    return ">99.9%" if probability > 0.9995 else f"{100 * probability:.1f}%"


def name_of(path: object) -> str:
    """A path as it was typed. If it is a web address, only one of its two slashes is left."""
    return re.sub(r"^(https?):/(?=[^/])", r"\1://", str(path))


def safe_for_display(text: object) -> str:
    """Text on one line, without characters that could control a terminal."""
    return "".join(character if character.isprintable() else "?" for character in str(text))


def shortened(text: object, length: int) -> str:
    """Text that is safe to display. A long one keeps its end, which tells files in the same folder apart."""
    line = safe_for_display(text)
    return line if len(line) <= length else f"…{line[1 - length :]}"


def brief(text: str) -> str:
    """The beginning of an exception's message, to be used inside a sentence."""
    line = safe_for_display(text.partition("Arguments received by")[0]).rstrip(".: ")  # Keras lists them all
    return line if len(line) <= 150 else f"{line[:149]}…"
