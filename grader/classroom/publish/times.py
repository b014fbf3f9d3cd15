"""Times in the words of a page."""

from datetime import datetime

from grader.classroom.publish.grades import Grade


def moment(iso: str) -> str:
    """A time; empty if it is not known."""
    try:
        return datetime.fromisoformat(iso).strftime("%B %d, %Y, %H:%M %Z").replace(" 0", " ").strip()
    except ValueError:
        return ""


def lateness(grade: Grade) -> str:
    """How late a submission is, in words; empty if it is in time, or if that is not known."""
    if not grade.late:
        return ""
    days, hours = divmod(grade.seconds_late / 3600, 24)
    for amount, unit in ((int(days), "day"), (int(hours), "hour"), (int(grade.seconds_late // 60), "minute")):
        if amount:
            return f"{amount} {unit}{'s' * (amount != 1)} late"
    return "late"
