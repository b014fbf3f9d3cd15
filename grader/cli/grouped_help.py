"""The help of `digits`: its commands by what people want to do; and of its groups of commands."""

import shutil
from typing import Any

from typer.core import TyperGroup

from grader.launcher.menu import menu, rows

WIDTH = 80
GAP = 2  # columns between a command and what it does


class GroupedHelp(TyperGroup):
    """A group of commands whose help is the menu."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the usage, then the menu. Commands that are not in the menu are not for people."""
        self.format_usage(ctx, formatter)
        formatter.write_paragraph()
        width = min(shutil.get_terminal_size().columns, WIDTH)
        formatter.write("\n".join(menu(width)) + "\n")


def write_commands(group: Any, ctx: Any, formatter: Any) -> None:
    """Write the commands of a group and what they do, in whole words: the library would cut the sentences off."""
    commands = {name: group.get_command(ctx, name) for name in group.list_commands(ctx)}
    told = {name: command.help.partition("\n")[0] for name, command in commands.items() if not command.hidden}
    with formatter.section("Commands"):
        lines = rows(told, " " * formatter.current_indent, max(map(len, told)) + GAP, formatter.width)
        formatter.write("\n".join(lines) + "\n")
