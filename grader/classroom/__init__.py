"""Grades many submissions: hand-ins, queue, records, gradebook, reports, exports. It knows no particular exercise."""
