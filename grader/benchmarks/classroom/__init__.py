"""What grading a whole class takes, beside nbgrader, otter-grader and pytest."""
