"""How fast a whole class is graded, compared with nbgrader, otter-grader and pytest."""
