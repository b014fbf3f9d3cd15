"""seccomp: system calls that no exercise needs and that an attack might. They fail with EPERM instead of being made.

A denylist, because TensorFlow makes more calls than we could list; it is one layer of several, and not the first. The
program is classic BPF: load a field of ``struct seccomp_data``, compare, jump, return.
"""

import ctypes
import errno
import os
import struct

from grader.engine.isolation import system

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000  # the second table of calls on x86_64

# By name: number on x86_64, number on aarch64.
#
# To check the first column, look at <asm/unistd_64.h> on an x86_64 machine; for the second, at <asm-generic/unistd.h>,
# from which the table of aarch64 is made:
#
#     grep -w __NR_ptrace /usr/include/x86_64-linux-gnu/asm/unistd_64.h    # 101
#     grep -w __NR_ptrace /usr/include/asm-generic/unistd.h                # 117
#
# Debian has both in linux-libc-dev; the kernel's sources have them as arch/x86/entry/syscalls/syscall_64.tbl and
# scripts/syscall.tbl. On any machine `ausyscall x86_64 --dump` and `ausyscall aarch64 --dump`
# (package auditd) list both.
# From 424 on, all architectures use the same numbers; None: aarch64 has no such call. tests/test_isolation.py compares
# with the headers it finds.
DENIED: dict[str, tuple[int, int | None]] = {
    # processes of its own, which could compute and end unseen, or wait on purpose; threads are what we can account for
    "fork": (57, None),
    "vfork": (58, None),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "tkill": (200, 130),  # names a thread, which is nobody's in particular; the C library uses tgkill
    "pidfd_send_signal": (424, 424),
    # a share of the processors: runners are bound to one, and compete for it as everybody does
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "ioprio_set": (251, 30),
    "setpriority": (141, 140),  # 0 stands for all processes of a user, and who is nice waits at others' expense
    "setsid": (112, 157),  # the kernel shares processors out by session; it is a way out of the process group, too
    # namespaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    # the kernel itself
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "syslog": (103, 116),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "personality": (135, 92),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    # memory that no limit counts
    "socket": (41, 198),  # what waits in a socket's buffers is the kernel's
    "socketpair": (53, 199),
    "vmsplice": (278, 75),  # nor pages that only a pipe holds
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "io_setup": (206, 0),  # there is one number of contexts for the whole machine
    "inotify_init": (253, None),  # a user has few of these, in all namespaces together
    "inotify_init1": (294, 26),
    "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    # more of what is in force already, which takes the kernel's memory
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
    "seccomp": (317, 277),
    # clocks
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
}
CLONE, CLONE3 = (56, 220), 435
NEW_NAMESPACES = 0x7E020000  # the flags of clone that make one
NEW_THREAD = 0x10000  # the flag without which it makes a process
MMAP = (9, 222)
SHARED_ANONYMOUS = 0x21  # memory that stays when it is unmapped, and then counts for no process
SELF_ONLY = {
    "kill": (62, 129),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "prlimit64": (302, 261),
}  # argument 0 names a process
REFUSED_ARGUMENTS = {  # by name: numbers, which argument, its refused values
    # F_SETOWN, F_SETSIG, F_SETOWN_EX: signals for whom one likes; F_SETLEASE, F_NOTIFY, F_SETDELEG: others must wait
    # until one lets go of a file, or one is told of what they do
    "fcntl": ((72, 25), 1, (8, 10, 15, 1024, 1026, 1040)),
    "ioctl": ((16, 29), 1, (0x8901, 0x8902)),  # FIOSETOWN, SIOCSPGRP, likewise
    "prctl": ((157, 167), 0, (1, 4, 22)),  # PR_SET_PDEATHSIG; PR_SET_DUMPABLE, which hides memory; PR_SET_SECCOMP
}
DENIED_ALONE: dict[str, tuple[int, int | None]] = {  # where no namespace is around the runner
    "setpgid": (109, 154),  # it is ended by its group there
    # what belongs to a file, which Landlock does not govern
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "lchown": (94, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
}

NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
LOAD, AND, JUMP_EQUAL, JUMP_GREATER_EQUAL, JUMP_ANY, RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL_PROCESS, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
SECCOMP_MODE_FILTER = 2

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant


class Program(ctypes.Structure):
    """``struct sock_fprog``: how many instructions there are, and where."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


def restrict(alone: bool) -> None:
    """Install the filter; needs no_new_privs. It cannot be taken off again.

    Args:
        alone: no PID namespace hides other processes, so signals and limits are for the process itself only.
    """
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program(alone))
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_ = Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    system.call("prctl", system.PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_, 0, 0)


def program(alone: bool) -> list[Instruction]:
    """The filter for this machine."""
    column = 0 if system.MACHINE == "x86_64" else 1
    refuse: Instruction = (RETURN, 0, 0, ERROR | errno.EPERM)
    rules: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, AUDIT_ARCH[system.MACHINE]),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER),
    ]
    if column == 0:
        rules += [(JUMP_GREATER_EQUAL, 0, 1, X32_BIT), (RETURN, 0, 0, ERROR | errno.ENOSYS)]
    for numbers in (*DENIED.values(), *(DENIED_ALONE.values() if alone else ())):
        number = numbers[column]
        rules += [(JUMP_EQUAL, 0, 1, number), refuse] if number is not None else []
    # The C library uses clone where there is no clone3, whose flags lie in memory and cannot be seen from here.
    rules += [(JUMP_EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, ERROR | errno.ENOSYS)]
    rules += [(JUMP_EQUAL, 0, 6, CLONE[column]), (LOAD, 0, 0, ARGUMENTS), (JUMP_ANY, 0, 1, NEW_NAMESPACES), refuse]
    rules += [(JUMP_ANY, 1, 0, NEW_THREAD), refuse, (LOAD, 0, 0, NUMBER)]
    rules += [(JUMP_EQUAL, 0, 5, MMAP[column]), (LOAD, 0, 0, ARGUMENTS + 8 * 3), (AND, 0, 0, SHARED_ANONYMOUS)]
    rules += [(JUMP_EQUAL, 0, 1, SHARED_ANONYMOUS), refuse, (LOAD, 0, 0, NUMBER)]
    for numbers, argument, values in REFUSED_ARGUMENTS.values():
        rules += when(numbers[column], argument, values, refuse)
    for name, numbers in SELF_ONLY.items():
        if alone or name == "prlimit64":  # which asks for nothing but the same user, who the init may be
            mine = (os.getpid(),) if name == "kill" else (0, os.getpid())  # to kill, 0 is the whole group
            rules += when_not(numbers[column], 0, mine, refuse)
    return [*rules, (RETURN, 0, 0, ALLOW)]


def when(number: int, argument: int, refused: tuple[int, ...], then: Instruction) -> list[Instruction]:
    """Refuse a call if an argument (its lower half) has one of some values."""
    tests = [step for value in refused for step in ((JUMP_EQUAL, 0, 1, value), then)]
    body = [(LOAD, 0, 0, ARGUMENTS + 8 * argument), *tests, (LOAD, 0, 0, NUMBER)]
    return [(JUMP_EQUAL, 0, len(body), number), *body]


def when_not(number: int, argument: int, allowed: tuple[int, ...], then: Instruction) -> list[Instruction]:
    """Refuse a call unless an argument (its lower half) has one of the allowed values."""
    tests = [(JUMP_EQUAL, len(allowed) - index, 0, value) for index, value in enumerate(allowed)]
    body = [(LOAD, 0, 0, ARGUMENTS + 8 * argument), *tests, then, (LOAD, 0, 0, NUMBER)]
    return [(JUMP_EQUAL, 0, len(body), number), *body]
