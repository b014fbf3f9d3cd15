"""Never ends: a loop without a way out."""


def label_counts(labels, num_classes=10):
    while True:
        pass
