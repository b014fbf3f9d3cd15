"""Answers with a dictionary whose keys hang when they are compared."""


class Key:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        while True:
            pass


def label_counts(labels, num_classes=10):
    return {Key(): 1, 2: 3, (1, 2): Key()}
