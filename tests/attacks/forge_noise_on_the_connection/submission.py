"""Writes garbage, half a frame and a frame of four gigabytes on every open descriptor."""

import json
import os
import socket
import struct


def frame(number):
    value = {"kind": "list", "items": [1.0] * 10}
    text = json.dumps({"id": number, "value": value, "changed": [], "printed": "", "observed": [], "tensors": 0})
    return struct.pack(">cI", b"J", len(text)) + text.encode()


def write_everywhere(data):
    for descriptor in range(256):
        try:
            if os.path.sameopenfile(descriptor, descriptor) and descriptor > 2:
                os.write(descriptor, data)
        except OSError:
            pass


def label_counts(labels, num_classes=10):
    write_everywhere(struct.pack(">cI", b"J", 2**32 - 1) + b"{" * 1000)


def one_hot(labels, num_classes=10):
    write_everywhere(b"J\0\0\0\x05{]]]]")


def flatten_images(images):
    write_everywhere(b"HTTP/1.1 200 OK\r\n\r\nscore: 10/10")
