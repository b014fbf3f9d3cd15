"""Grades one submission: `session.Session` runs the checks of an exercise and makes a `grader.verdict.Verdict` of them.

The folders are the trust boundary. ``judge`` is trusted: it starts and ends processes, and asks. ``runner`` is not: it
is our program too, but it shares its process with the submission, so whatever comes from there is a claim. ``wire`` is
the protocol between the two, and ``isolation`` the sandbox around the runner.

How a call travels. A check is written as if it called the learner's function: ``scaled =
submission.scale_pixels(images)`` and then ``expect_close(scaled, images / 255)``.

1. `Session.run` makes a `grader.api.context.Context`, makes it the current one of this thread (a ContextVar), and calls
   the check's function with the arguments that it names: ``submission`` is a `judge.submission.SubmissionProxy`.
2. The proxy's ``__getattr__`` takes any name for a function of the learner's. Calling it appends a `Call` (name and
   arguments) to the current context, replaces what stays in the runner by its handle, and gives a `wire.requests.Call`
   to `judge.client.Client`, which has one deadline for the answer.
3. The client encodes the request (`wire.requests.encode`), sends it through a `wire.channel.Channel` as one frame of
   JSON and one for each array, and waits. At the other end `runner.server.Runner.handle` looks the request's class up
   among the registered ``runner.operations``, and ``operations.code.call`` calls the function.
4. The reply comes back as frames. The client checks its form and converts the answer to the type that the request's
   class names. What does not fit ends the runner, and the call raises `RunnerGone`; an exception of the submission is
   raised as a `grader.api.SubmissionError`; silence, as `CallTimedOut`.
5. The proxy puts what came back into the `Call` as its ``value``, with models wrapped so that questions about them go
   to the *scorer*, a second runner without the submission's code, and returns this same object to the check.
6. `expect_close` fails by asking the current context for the call behind the value: the `Call` whose ``value`` *is*
   that object, by identity. So the message can say which call it was without the check passing it along. A value that
   the check has computed itself is no call's, and the latest call is named instead.
7. The `Failed` that it raises, like every other exception, becomes the check's result in `outcomes`.
"""
