"""Hands the settings of pip to uv, which does not read them: the index, the proxy, the certificates."""

import ast
import os
import shlex
import subprocess
from collections.abc import Mapping

from grader.launcher.place import VENV, in_scripts

# What uv does in the same way, or what does not matter to what gets installed.
HARMLESS = {
    "cache-dir", "disable-pip-version-check", "no-color", "no-input", "no-python-version-warning", "no-warn-conflicts",
    "no-warn-script-location", "progress-bar", "quiet", "require-virtualenv", "resume-retries", "root-user-action",
    "user", "verbose", "break-system-packages", "compile", "no-compile", "default-timeout", "timeout", "retries",
}  # fmt: skip
LISTS = {  # of pip: of uv, both with several values
    "extra-index-url": ("UV_EXTRA_INDEX_URL", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
}
SINGLE = {
    "cert": ("SSL_CERT_FILE",),
    "client-cert": ("SSL_CLIENT_CERT",),
    "index-url": ("UV_DEFAULT_INDEX",),
    "keyring-provider": ("UV_KEYRING_PROVIDER",),
    "proxy": ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"),
}
OFF = {"0", "false", "no", "off", ""}


def of_pip() -> dict[str, str]:
    """pip's settings for `pip install`, from its files and from the environment: by name, index-url for one."""
    python = in_scripts(VENV, "python")
    command = [python, "-m", "pip", "--disable-pip-version-check", "config", "list"]
    found = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return read_list(found.stdout)


def read_list(text: str) -> dict[str, str]:
    """Read what `pip config list` prints: lines such as ``install.index-url='https://…'``.

    The environment counts more than a section of a file for one command, and that more than the section for all.
    """
    ranked: dict[str, tuple[int, str]] = {}
    ranks = {"global": 0, "install": 1, ":env:": 2}
    for line in text.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if section in ranks and ranks[section] >= ranked.get(name, (0, ""))[0]:
            ranked[name] = ranks[section], str(literal(value))
    return {name: value for name, (_, value) in ranked.items() if name != "config-file"}


def literal(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def for_uv(settings: Mapping[str, str]) -> dict[str, str] | None:
    """The environment variables that tell uv what settings tell pip; None if one of them has no translation.

    In the environment rather than on a command line, where others on the machine could read a password in an address.
    Whether to use an index at all has no variable: see `has_index`.
    """
    told = dict[str, str]()
    for name, value in settings.items():
        if name in LISTS:
            variable, separator = LISTS[name]
            told[variable] = separator.join(shlex.split(value, posix=os.name != "nt"))
        elif name in SINGLE:
            told |= dict.fromkeys(SINGLE[name], value)
        elif name not in HARMLESS | {"no-index"} and value.lower() not in OFF:
            return None
    if "UV_EXTRA_INDEX_URL" in told:  # pip takes the best version of all indexes, uv by default the first index
        told["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if "SSL_CERT_FILE" not in told:  # the certificates of the system, as pip
        told["UV_SYSTEM_CERTS"] = "1"
    return told


def has_index(settings: Mapping[str, str]) -> bool:
    return settings.get("no-index", "0").lower() in OFF
