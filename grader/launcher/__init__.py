"""What `./digits` does before the course is installed: finds or makes the environment, then hands over to it.

Standard library only. An old Python can read `place` and `start`; they find a newer one, which does the rest.
"""
