"""Digits: a course from raw pixels to convolutional networks on MNIST, and its grader."""
