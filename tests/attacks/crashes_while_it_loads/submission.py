"""Crashes the interpreter before its first function is there."""

import ctypes

ctypes.string_at(0)
