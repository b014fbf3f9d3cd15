"""Numbers, names and errors as people read them."""


def percent(share: float) -> str:
    """A probability in words that never say "certain"."""
    if share > 0.9995:
        return "over 99.9 %"
    return f"{100 * share:.1f} %" if share >= 0.0005 else "under 0.1 %"


def safe_for_display(text: object) -> str:
    """Somebody's text in one line that cannot steer a terminal."""
    return "".join(character if character.isprintable() else "?" for character in str(text))


def shortened(text: object, length: int) -> str:
    """Text from outside, safe to display; of a long one the end, which tells files of one folder apart."""
    line = safe_for_display(text)
    return line if len(line) <= length else f"…{line[1 - length :]}"


def brief(error: Exception) -> str:
    """The first line of an exception's message, as a part of a sentence."""
    line = safe_for_display(str(error).strip().partition("\n")[0]).rstrip(".: ")
    return (line if len(line) <= 150 else f"{line[:149]}…") or type(error).__name__
