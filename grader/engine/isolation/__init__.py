"""The sandbox: what keeps a runner away from everything that it does not need.

Tiers, from the strongest to the weakest:

``namespaces``
    The zygote moves into a root of its own, in which little more than the interpreter exists and nothing can be
    written. Every runner gets fresh namespaces on top (processes, mounts, network, IPC, host name; users if the grader
    is not root), a small scratch folder, resource limits, no privileges, Landlock and seccomp.
``bubblewrap``
    Where only the program of that name may make namespaces: it holds the zygote and all runners, which have limits,
    Landlock and seccomp to themselves.
``landlock``
    No namespaces: limits, Landlock and seccomp in the runner itself, which also keep it from leaving its process group.
``none``
    A process of its own and time limits. For a learner's own work only.
"""

from grader.engine.isolation.tiers import STOPS_NOT, TIERS, Tier

__all__ = ["STOPS_NOT", "TIERS", "Tier"]
