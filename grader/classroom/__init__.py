"""Grades many submissions, in three stages: collect, grade, publish. It knows no particular exercise."""
