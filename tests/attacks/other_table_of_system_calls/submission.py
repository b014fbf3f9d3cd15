"""Makes a system call by the table for 32-bit programs, whose numbers mean something else."""

import ctypes
import mmap


def label_counts(labels, num_classes=10):
    code = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
    code.write(bytes.fromhex("b8 14 00 00 00 cd 80 c3"))  # getpid by int 0x80
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
