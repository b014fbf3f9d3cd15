"""Looks whether the package index can be reached, before an installer spends minutes to find out."""

import os
import socket
import subprocess
import threading
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from grader.launcher.place import VENV, in_scripts
from grader.launcher.settings import has_index

SECONDS = 2.0
PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
DEFAULT_INDEX = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")

Answer = Literal["reached", "not reached", "no answer yet"]


def probe(settings: Mapping[str, str]) -> Answer:
    """Open a connection to the index, or to the proxy on the way to it, for at most `SECONDS`."""
    address = way_to_index(settings)
    if address is None:
        return "reached"
    answers: list[Answer] = []
    # In a thread, because nothing bounds the time for which a name is looked up.
    thread = threading.Thread(target=lambda: answers.append(connect(address)), daemon=True)
    thread.start()
    thread.join(SECONDS)
    return answers[0] if answers else "no answer yet"


def connect(address: tuple[str, int]) -> Answer:
    try:
        socket.create_connection(address, SECONDS).close()
    except TimeoutError:
        return "no answer yet"
    except OSError:
        return "not reached"
    return "reached"


def way_to_index(settings: Mapping[str, str]) -> tuple[str, int] | None:
    """The host and port that packages come from; None if they come from a folder."""
    if not has_index(settings):
        return None
    proxies = [settings.get("proxy"), *(os.environ.get(name) for name in PROXIES)]
    address = next((proxy for proxy in proxies if proxy), None) or settings.get("index-url") or default_index()
    parts = urlsplit(address if "://" in address else f"http://{address}")
    try:
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and port else None


def default_index() -> str:
    """Where pip looks if it was told nothing. Only pip knows."""
    command = [in_scripts(VENV, "python"), "-c", DEFAULT_INDEX]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "file:///"
