"""Writes the page as a folder of files that works without any server, even opened from a disk."""

import base64
import hashlib
import html
import json
from pathlib import Path

from grader.draw.bundle import PAGE, bundled
from grader.draw.course_networks import FAMILIAR, course_networks
from grader.files import write_atomically

PAGE_TEXT = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>Draw a digit</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
</head>
<body>
<main class="digits-draw">
{home}<h1>Draw a digit and watch networks read it</h1>
<div id="draw"><noscript>This page needs JavaScript to run the networks in your browser.</noscript></div>
</main>
<script type="application/json" id="networks">{networks}</script>
<script type="module">{script}</script>
</body>
</html>
"""
HOME_LINK = '<p><a href="{}">← Digits</a></p>\n'
POLICY = "default-src 'none'; script-src 'self' {hashes}; style-src 'self'; img-src 'self' data: blob:; base-uri 'none'"


def drawing_place() -> str:
    """The same page as a part of another one, as HTML. That one is beside the folder ``draw`` that `write_page` has
    written, and beside ``docs`` with a picture for browsers without scripts."""
    networks = json.dumps([network.listed() for network in course_networks()])
    return (
        '<noscript><img src="docs/draw.gif" width="1040" height="500" '
        'alt="Someone draws a 3, and two networks read it."></noscript>\n'
        f'<div class="digits-draw" id="draw"></div>\n'
        f'<script type="application/json" id="networks" data-folder="draw/">{networks}</script>\n'
        f'<script type="module">{bundled("file.js")}</script>'
    )


def write_page(folder: Path, home: str = "") -> list[Path]:
    """Write the page into a folder; returns the files: index.html, style.css, and one script for each network.

    Args:
        home: where the first page of the course is; without it, there is no link to it.
    """
    networks = [network.listed() for network in course_networks()]
    script, listed = bundled("file.js"), json.dumps(networks)
    hashes = " ".join(f"'sha256-{digest(text)}'" for text in (script, listed))
    policy = html.escape(POLICY.format(hashes=hashes))
    files = {
        "index.html": PAGE_TEXT.format(
            home=HOME_LINK.format(home) if home else "", policy=policy, networks=listed, script=script
        ).encode(),
        "style.css": " ".join((PAGE / "style.css").read_text("utf-8").split()).encode(),
        "networks/familiar.js": as_script("familiar", FAMILIAR.read_bytes()),
    }
    files |= {f"networks/{one.id}.js": as_script(one.id, one.path.read_bytes()) for one in course_networks()}
    for name, contents in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / name, contents)
    return [folder / name for name in files]


def digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def as_script(name: str, contents: bytes) -> bytes:
    """A file as a script, with seven bits in each character: a sixth more, where base64 takes a third."""
    bits = "".join(f"{byte:08b}" for byte in contents)
    bits += "0" * (-len(bits) % 7)
    text = "".join(chr(int(bits[at : at + 7], 2)) for at in range(0, len(bits), 7))
    for character, written in {"\\": "\\\\", "`": "\\`", "${": "\\${", "\r": "\\r"}.items():
        text = text.replace(character, written)
    return f'digitsFile("{name}",`{text}`);'.encode("ascii")
