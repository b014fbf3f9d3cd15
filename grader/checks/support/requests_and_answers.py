"""Good and bad requests to a digit recognizer, and the mistakes that answers to them show."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.api import symptom

MAX_BODY, LONGEST_SENTENCE = 20_000, 500

# Good requests


def request_with(image: np.ndarray, **settings: Any) -> bytes:
    """The body of a good request."""
    return json.dumps({"image": image.tolist()}, **settings).encode()


def parts_of(value: object) -> tuple[Any, Any]:
    """Status and answer, if that is what a value holds; None for each otherwise."""
    if isinstance(value, (tuple, list)) and len(value) == 2:
        return value[0], value[1]
    return None, None


@symptom("swapped-results", question="In which order does the exercise ask for the status and the answer?")
def answer_first(value, *arguments):
    """The answer came first and the status second."""
    return isinstance(parts_of(value)[0], dict)


@symptom("status-forgotten", question="How does the caller know whether this is an answer or an error?")
def status_forgotten(value, *arguments):
    """Only the answer came back, without its status."""
    return isinstance(value, (dict, str))


@symptom("answer-as-text", question="What does json.dumps make of a string?")
def answer_as_text(value, *arguments):
    """The answer is a string. It should be a dict: the caller turns it into JSON."""
    return isinstance(parts_of(value)[1], (str, bytes))


@symptom("numpy-in-json", question="What does json.dumps do with np.int64(7), or with an array?")
def numpy_in_json(value, *arguments):
    """The answer holds NumPy numbers or arrays, which json.dumps may not be able to write. .tolist() and int() convert
    them."""
    return any(isinstance(part, (np.ndarray, np.generic)) for part in leaves(parts_of(value)[1]))


@symptom(
    "batch-axis-kept",
    question="How many images does predict_exported return probabilities for, and how many does an answer need?",
)
def batch_axis_kept(value, *arguments):
    """The probabilities are a list inside a list: the axis of the batch is still there."""
    probabilities = parts_of(value)[1].get("probabilities")
    return isinstance(probabilities, list) and len(probabilities) == 1 and isinstance(probabilities[0], list)


@symptom("good-request-refused", question="Which of your conditions does this good request fail?")
def good_request_refused(value, *arguments):
    """A good request was answered with an error."""
    status = parts_of(value)[0]
    return isinstance(status, (int, np.integer)) and 400 <= status < 600


@symptom(
    "preprocessing-skew", question="Which numbers did the network see in training, and which ones does it see now?"
)
def served_skewed(value, expected, skewed):
    """The network saw other numbers than in training: the pixels were scaled once more, made black and white,
    transposed or inverted."""
    found = np.array(parts_of(value)[1]["probabilities"], float)
    return any(np.allclose(found, other, atol=1e-3) for other in skewed)


@symptom("rounded-probabilities", question="How many digits does the exercise ask you to leave out?")
def rounded_probabilities(value, expected, skewed):
    """The probabilities were rounded. The caller may want to compare two that are close."""
    found = np.array(parts_of(value)[1]["probabilities"], float)
    return any(np.allclose(found, np.round(expected, digits), atol=1e-6) for digits in (0, 1, 2, 3))


@symptom("limit-excluded", question="Is a body of exactly 20,000 bytes allowed?")
def limit_excluded(value, length):
    """The body has exactly 20,000 bytes, which is allowed, and it was refused as too long."""
    return parts_of(value)[0] == 413 and length == MAX_BODY


@symptom("digit-as-text", question="What happens if the caller adds 1 to the digit?")
def digit_as_text(value, *arguments):
    """The digit came back as a text; it should be an integer."""
    return isinstance(parts_of(value)[1].get("digit"), str)


ANSWER_MISTAKES = [
    answer_first,
    status_forgotten,
    answer_as_text,
    good_request_refused,
    numpy_in_json,
    batch_axis_kept,
    digit_as_text,
]


def leaves(value: object) -> Iterator[object]:
    """All that a nested answer holds but its lists and dicts."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    else:
        yield value


# Bad requests


@dataclass(frozen=True)
class BadRequest:
    """A body that must be refused.

    Attributes:
        what: it in words, for a message.
        kind: what a crash on it, or a good answer to it, shows: "text", "bytes", "nested", "form", "rows", "size",
            "pixels", "quoted", "true", "fractions", "code" or "long".
    """

    what: str
    kind: str
    body: bytes

    @property
    def status(self) -> int:
        """With which it is refused."""
        return 413 if self.kind == "long" else 400


def with_note(image: np.ndarray, letters: int) -> bytes:
    """A request with a note of letters that take two bytes each."""
    request = {"image": image.tolist(), "note": "é" * letters}
    return json.dumps(request, ensure_ascii=False, separators=(",", ":")).encode().ljust(20_400)


def bad_requests(probe) -> list[BadRequest]:
    """What strangers send, some by accident and some on purpose."""
    image = probe.rectangles(1)[0]
    rows = image.tolist()
    row, column = probe.rng.integers(1, 27, 2)

    def with_pixel(text: str) -> bytes:
        marked = [list(map(str, line)) for line in rows]
        marked[row][column] = text
        return ('{"image": [' + ", ".join("[" + ", ".join(line) + "]" for line in marked) + "]}").encode()

    def with_rows(changed: object) -> bytes:
        return json.dumps({"image": changed}).encode()

    return [
        BadRequest("an empty body", "text", b""),
        BadRequest("plain text", "text", b"What digit is this?"),
        BadRequest("JSON with a byte that is no UTF-8", "bytes", request_with(image)[:-1] + b', "by": "Jos\xe9"}'),
        BadRequest("half of a good request", "text", request_with(image)[: 400 + int(probe.rng.integers(400))]),
        BadRequest("bytes that are no UTF-8", "text", b"\xff\xfe\xfd" + probe.rng.bytes(60) + b"\x80"),
        BadRequest("a Python expression", "code", b'{"image": [[0] * 28] * 28}'),
        BadRequest("19,000 nested lists", "nested", b"[" * 19_000),  # Python 3.13 allows for more than 9,000
        BadRequest("8,000 nested lists, all closed", "nested", b'{"image": ' + b"[" * 8000 + b"]" * 8000 + b"}"),
        BadRequest("a list", "form", json.dumps(rows).encode()),
        BadRequest("null", "form", b"null"),
        BadRequest("a number", "form", b"7"),
        BadRequest("no image", "form", b'{"picture": []}'),
        BadRequest("null for the image", "form", with_rows(None)),
        BadRequest("a text for the image", "form", with_rows("iVBORw0KGgo")),
        BadRequest("a dict for the image", "form", with_rows({"rows": rows})),
        BadRequest("27 rows", "size", with_rows(rows[:27])),
        BadRequest("29 rows", "size", with_rows([*rows, rows[0]])),
        BadRequest("rows of 27 pixels", "size", with_rows([line[:27] for line in rows])),
        BadRequest("784 pixels in one list", "size", with_rows(image.ravel().tolist())),
        BadRequest("28×28×1 pixels", "size", with_rows(image[..., None].tolist())),
        BadRequest("no rows", "size", with_rows([])),
        BadRequest("a row of 29 pixels", "rows", with_rows([*rows[:row], [*rows[row], 0], *rows[row + 1 :]])),
        BadRequest("a number in place of a row", "rows", with_rows([*rows[:row], 0, *rows[row + 1 :]])),
        BadRequest("null in place of a pixel", "rows", with_pixel("null")),
        BadRequest("a word in place of a pixel", "rows", with_pixel('"ink"')),
        BadRequest("a 7 in quotation marks for a pixel", "quoted", with_pixel('"7"')),
        BadRequest("a pixel of NaN", "pixels", with_pixel("NaN")),
        BadRequest("a pixel of Infinity", "pixels", with_pixel("Infinity")),
        BadRequest("a pixel of 256", "pixels", with_pixel("256")),
        BadRequest("a pixel of -1", "pixels", with_pixel("-1")),
        BadRequest("a pixel of 1e300", "pixels", with_pixel("1e300")),
        BadRequest("a pixel of a hundred digits", "pixels", with_pixel("9" * 100)),
        BadRequest("a number of 5,000 digits", "text", with_pixel("9" * 5000)),
        BadRequest("pixels in 0..1", "fractions", with_rows((image / 255).round(3).tolist())),
        BadRequest("20,001 bytes", "long", request_with(image).ljust(MAX_BODY + 1)),
        BadRequest("a million nested lists", "long", b"[" * 1_000_000),
        BadRequest("20,400 bytes that make fewer characters", "long", with_note(image, 2 * MAX_BODY // 5)),
        BadRequest("10 MB", "long", request_with(image).ljust(10_000_000)),
        BadRequest("true for a pixel", "true", with_pixel("true")),
    ]


@symptom(
    "not-json-crashes",
    question="What does json.loads raise for text that isn't JSON, and what for bytes that aren't text?",
)
def not_json_crashes(error, request):
    """The body is not usable JSON, and the exception that json.loads raised was not caught. Besides JSONDecodeError, it
    may raise UnicodeDecodeError or a plain ValueError."""
    return request.kind in {"text", "bytes", "code"}


@symptom("nesting-crashes", question="How deeply may lists be nested, and what does Python raise beyond that?")
def nesting_crashes(error, request):
    """A small body can hold thousands of nested lists. json.loads raises a RecursionError for them, which is not a
    ValueError, and it was not caught."""
    return request.kind == "nested" and "Recursion" in error.type


@symptom("form-crashes", question="Which types can come out of json.loads, besides a dict?")
def form_crashes(error, request):
    """The body is JSON, but not a dict with an image in it, and the code didn't check that."""
    return request.kind in {"form", "nested"}


@symptom("pixels-crash", question="What does np.array make of rows of different lengths, of words, or of 256?")
def pixels_crash(error, request):
    """The image holds something other than 28×28 whole numbers from 0 to 255, and the code failed on it with an
    exception."""
    return request.kind in {"rows", "size", "pixels", "quoted", "true", "fractions"}


@symptom("length-crashes", question="What should your code check about a body before anything else?")
def length_crashes(error, request):
    """The body is too long, and the code failed on it instead of checking its length first."""
    return request.kind == "long"


CRASHES = [nesting_crashes, not_json_crashes, form_crashes, pixels_crash, length_crashes]


@symptom("ok-for-an-error", question="How does a program tell an answer from an error, without reading the text?")
def ok_for_an_error(value, request):
    """The answer says that something is wrong, but its status, 200, says that all is well."""
    return parts_of(value)[0] == 200 and "error" in parts_of(value)[1]


@symptom("sender-not-blamed", question="Who has to change something: you, or the sender?")
def sender_not_blamed(value, request):
    """A status of 500 or more says that the server failed. Here the sender made the mistake, so the status starts with
    4."""
    return 500 <= parts_of(value)[0] < 600


@symptom("length-not-limited", question="When does your code find out how long the body is?")
def length_not_limited(value, request):
    """The body has more than 20,000 bytes, but the code parsed it anyway, or refused it without the status 413."""
    return request.kind == "long"


@symptom("body-evaluated", question="What else could somebody send, if your code runs the body as Python?")
def body_evaluated(value, request):
    """The body was run as a Python expression (eval). A stranger could run anything on your machine."""
    return request.kind == "code" and parts_of(value)[0] == 200


@symptom("fractions-accepted", question="What becomes of a pixel of 0.9 in an array of uint8?")
def fractions_accepted(value, request):
    """The sender has scaled the pixels to 0..1, but they were treated as 0..255. So the network saw a nearly blank
    image, and nobody was told: training-serving skew."""
    return request.kind == "fractions" and parts_of(value)[0] == 200


@symptom(
    "pixels-not-checked", question="What may a pixel be, how long must a row be, and where do you check each of them?"
)
def pixels_not_checked(value, request):
    """A row or a pixel that isn't valid was accepted, and the network answered as if nothing were wrong."""
    return request.kind in {"pixels", "rows"} and parts_of(value)[0] == 200


@symptom("true-for-a-number", question="What is isinstance(True, int), and what is type(True)?")
def true_for_a_number(value, request):
    """The word true was accepted as a pixel. In Python, True is a kind of int; in JSON it is no number."""
    return request.kind == "true" and parts_of(value)[0] == 200


@symptom("text-for-a-number", question="What does np.array make of a text, if you ask it for integers?")
def text_for_a_number(value, request):
    """A pixel in quotation marks was accepted: int and NumPy turn the text "7" into a number without a word."""
    return request.kind == "quoted" and parts_of(value)[0] == 200


@symptom("bytes-ignored", question="What does errors='ignore' leave of a text that isn't UTF-8?")
def bytes_ignored(value, request):
    """The body is not valid UTF-8. The bytes that make no character were dropped or replaced, and the rest was read."""
    return request.kind == "bytes" and parts_of(value)[0] == 200


@symptom("size-not-checked", question="Where does your code check the number of rows, and the length of each?")
def size_not_checked(value, request):
    """The image does not have 28 rows of 28 pixels, but it was accepted."""
    return request.kind == "size" and parts_of(value)[0] == 200


@symptom("another-status", question="Which status does the exercise ask for here?")
def another_status(value, request):
    """The request was refused, but with another status than the exercise asks for."""
    return isinstance(parts_of(value)[0], int) and parts_of(value)[0] != request.status


@symptom("no-sentence", question="What should the sender do next, and where would they read it?")
def no_sentence(value, request):
    """The request was refused, but nothing tells the sender why: the answer should be {"error": sentence}."""
    answer = parts_of(value)[1]
    sentence = answer.get("error") if isinstance(answer, dict) else None
    return sentence is None or (isinstance(sentence, str) and len(sentence.split()) < 2)


@symptom("error-not-text", question="What does json.dumps say to an exception?")
def error_not_text(value, request):
    """The error in the answer is no text, but an object, such as the exception itself. json.dumps cannot write it."""
    return not isinstance(parts_of(value)[1]["error"], str)


@symptom("body-sent-back", question="How long is your error message, and which part of it does the sender need?")
def body_sent_back(value, request):
    """The error is longer than 500 characters: it may repeat the body or hold a whole traceback. One sentence is
    enough."""
    return len(str(parts_of(value)[1].get("error"))) > LONGEST_SENTENCE


REFUSALS = [
    answer_first,
    status_forgotten,
    answer_as_text,
    ok_for_an_error,
    sender_not_blamed,
    length_not_limited,
    body_evaluated,
    fractions_accepted,
    true_for_a_number,
    text_for_a_number,
    bytes_ignored,
    pixels_not_checked,
    size_not_checked,
    another_status,
    no_sentence,
    error_not_text,
    body_sent_back,
]
