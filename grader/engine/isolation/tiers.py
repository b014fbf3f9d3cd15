"""The names of the tiers, and in words what each does not stop."""

from typing import Literal, get_args

Tier = Literal["namespaces", "bubblewrap", "landlock", "none"]
TIERS: tuple[Tier, ...] = get_args(Tier)

STOPS_NOT: dict[Tier, str] = {
    "namespaces": "A fault of the kernel itself; for that, run the grader in a virtual machine.",
    "bubblewrap": (
        "Seeing which processes run on this machine, filling the space that runners share, and faults of the kernel."
    ),
    "landlock": "Seeing which processes run on this machine, filling its disk, and faults of the kernel.",
    "none": "Anything that hostile code may want to do as you. Time limits only: for your own work.",
}
