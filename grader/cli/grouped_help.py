"""The help of `digits`: its commands by what people want to do."""

import shutil
from typing import Any

from typer.core import TyperGroup

from grader.launcher.menu import menu

WIDTH = 80


class GroupedHelp(TyperGroup):
    """A group of commands whose help is the menu."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the usage, then the menu. Commands that are not in the menu are not for people."""
        self.format_usage(ctx, formatter)
        formatter.write_paragraph()
        width = min(shutil.get_terminal_size().columns, WIDTH)
        formatter.write("\n".join(menu(width)) + "\n")
