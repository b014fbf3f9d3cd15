"""Answers with a list that holds itself."""


def label_counts(labels, num_classes=10):
    answer = []
    answer.append(answer)
    return answer
