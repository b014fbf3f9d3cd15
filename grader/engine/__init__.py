"""Grades one submission.

The *judge* (this side: `session`, `submission`, `verdict`) runs the checks and holds labels, expected values and clock.
The *runner* (`runner`, in a process of its own) holds the submission's code. They share one socket and the protocol of
`channel` and `values`. Whatever the runner says is a claim.
"""
