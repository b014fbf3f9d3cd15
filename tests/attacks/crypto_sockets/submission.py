"""Makes the kernel compute, by a kind of socket that hands it work."""

import socket


def label_counts(labels, num_classes=10):
    socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET).bind(("hash", "sha256"))
