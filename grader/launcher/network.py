"""Looks whether the package index can be reached, before an installer spends minutes to find out."""

import os
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from grader.launcher.place import VENV, WINDOWS, in_scripts
from grader.launcher.settings import has_index

SECONDS = 2.0
PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
DEFAULT_INDEX = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")

Answer = Literal["reached", "no answer yet"] | OSError


@dataclass(frozen=True)
class Way:
    """The host and port that packages come from, or the proxy on the way there. Never a password."""

    host: str
    port: int
    setting: str = ""  # where that is set; empty if nowhere
    is_proxy: bool = False

    def __str__(self) -> str:
        through = "through the proxy" if self.is_proxy else "at"
        source = f", from {self.setting}" if self.setting else ""
        return f"{through} {self.host} (port {self.port}{source})"


def probe(way: Way | None) -> Answer:
    """Open a connection to the index, or to the proxy on the way to it, for at most `SECONDS`."""
    if way is None:
        return "reached"
    answers: list[Answer] = []
    # In a thread, because nothing bounds the time for which a name is looked up.
    thread = threading.Thread(target=lambda: answers.append(connect(way)), daemon=True)
    thread.start()
    thread.join(SECONDS)
    return answers[0] if answers else "no answer yet"


def connect(way: Way) -> Answer:
    try:
        socket.create_connection((way.host, way.port), SECONDS).close()
    except TimeoutError:
        return "no answer yet"
    except OSError as error:
        return error
    return "reached"


def way_to_index(settings: Mapping[str, str]) -> Way | None:
    """How to get to the index; None if packages come from a folder."""
    if not has_index(settings):
        return None
    found = next((found for found in addresses(settings) if found[0]), None)
    address, setting, is_proxy = found or (default_index(), "", False)
    parts = urlsplit(address if "://" in address else f"http://{address}")
    try:
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    if "@" in parts.path + parts.query + parts.fragment:  # what looks like the host may be part of a password
        return None
    return Way(parts.hostname, port, setting, is_proxy) if parts.hostname and port else None


def addresses(settings: Mapping[str, str]) -> Iterator[tuple[str, str, bool]]:
    """What may be set, what counts most first: the address, the name of the setting, and whether it is a proxy."""
    yield settings.get("proxy", ""), source_of("proxy"), True
    for name in PROXIES:
        yield os.environ.get(name, ""), name, True
    yield settings.get("index-url", ""), source_of("index-url"), False


def source_of(name: str) -> str:
    """Where one of pip's settings was made: a variable counts more than a file."""
    variable = "PIP_" + name.upper().replace("-", "_")
    return variable if os.environ.get(variable) else f"{name} in {'pip.ini' if WINDOWS else 'pip.conf'}"


def default_index() -> str:
    """Where pip looks if it was told nothing. Only pip knows."""
    command = [in_scripts(VENV, "python"), "-c", DEFAULT_INDEX]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "file:///"
