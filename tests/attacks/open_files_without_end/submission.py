"""Opens files and closes none."""


def label_counts(labels, num_classes=10):
    files = []
    while True:
        files.append(open("/dev/null"))
