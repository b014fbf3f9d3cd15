"""Which tests a run holds: everything, the quick set (`--quick`), or one lesson whole (`--lesson dense`).

The quick set leaves out what is marked `thorough`: more seeds, more variants, more of the same kind. Of a test that is
marked `sampled` it takes the first case; of one marked `sampled("lesson")`, the first case of each lesson. It still
enters every room. What a test needs is marked too, so that `-m "not browser"` does what it says.
"""

import pytest

from grader.course import Lesson

NEEDS = {  # marker: the fixtures that a test asks for when it needs this
    "browser": {"chromium", "browser"},
}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("digits")
    group.addoption("--quick", action="store_true", help="leave out the tests that are marked thorough")
    group.addoption("--lesson", help="only what is about this lesson, whole")
    group.addoption("--odd-answers", type=int, default=420, help="how many to try in all exercises together")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for marker, fixtures in NEEDS.items():
            if fixtures & set(getattr(item, "fixturenames", ())):
                item.add_marker(marker)
    mark_all_but_samples(items)
    kept = [item for item in items if is_wanted(item, config)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = sorted(kept, key=is_short)


def mark_all_but_samples(items: list[pytest.Item]) -> None:
    """Mark as thorough what is sampled, but for the first case of each kind."""
    seen = set()
    for item in items:
        marker = item.get_closest_marker("sampled")
        if marker:
            kind = (item.nodeid.partition("[")[0], *(item.callspec.params[name] for name in marker.args))
            if kind in seen:
                item.add_marker("thorough")
            seen.add(kind)


def is_wanted(item: pytest.Item, config: pytest.Config) -> bool:
    lesson = config.getoption("lesson")
    if lesson:
        return lesson in lessons_of(item)
    return not (config.getoption("quick") and item.get_closest_marker("thorough"))


def lessons_of(item: pytest.Item) -> set[str]:
    """The slugs of the lessons that a test is about: its parameters, and what its file is marked with."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    marked = {slug for marker in item.iter_markers("lesson") for slug in marker.args}
    return marked | {value.slug for value in parameters if isinstance(value, Lesson)}


def is_short(item: pytest.Item) -> bool:
    """False for what trains. It goes first, so that no core is left alone with it at the end."""
    return item.get_closest_marker("trains") is None
