"""Fails while it is loaded, which ends the grading, and sees to it that its process stays."""

import sys
import time

channel = sys.modules["grader.engine.wire.channel"].Channel
channel.receive = lambda self, left=None: time.sleep(3600)
raise RuntimeError("not today")
