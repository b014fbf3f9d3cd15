#!/usr/bin/env bash
# Gradescope runs this once, while it builds the image: it installs the course.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
for version in 3.13 3.12 3.11; do
    if apt-get install -y "python$version" "python$version-venv"; then
        "python$version" -m venv /autograder/venv
        break
    fi
done
/autograder/venv/bin/pip install --constraint /autograder/source/course/constraints.txt /autograder/source/course
