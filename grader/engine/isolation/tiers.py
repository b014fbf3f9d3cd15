"""The names of the tiers, and what each does not protect against, in a sentence."""

from typing import Literal, get_args

Tier = Literal["namespaces", "bubblewrap", "landlock", "none"]
TIERS: tuple[Tier, ...] = get_args(Tier)

STOPS_NOT: dict[Tier, str] = {
    "namespaces": (
        "It does not protect against a flaw in the kernel itself; for that, run the grader in a virtual machine."
    ),
    "bubblewrap": (
        "It does not protect against code that sees which processes run on this machine or fills the space that "
        "runners share, nor against a flaw in the kernel."
    ),
    "landlock": (
        "It does not protect against code that sees which processes run on this machine or fills its disk, nor against "
        "a flaw in the kernel."
    ),
    "none": (
        "It does not protect against anything that hostile code may want to do as you. Time limits only: for your own "
        "work."
    ),
}
