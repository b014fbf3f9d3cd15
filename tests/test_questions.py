"""Each exception gets a question that fits it: all of them are raised in a submission, and what comes out is read."""

import pytest
from conftest import READY

from grader.api.errors import SubmissionError
from grader.engine.judge.source import Source
from grader.engine.questions import QUESTIONS, question_about
from grader.engine.session import Session

PIXELS = next(lesson for lesson in READY if lesson.slug == "pixels")
HEAD = "import numpy as np\n\n\ndef label_counts(labels, num_classes=10):\n"
RAISED = {  # what the function does: the beginning of the exception, a part of the question
    "return np.bincount(lables)": ("NameError: name 'lables' is not defined. Did you mean: 'labels'?", "spelled there"),
    "return math.pi": ("NameError: name 'math' is not defined. Did you forget to import 'math'?", "import is missing"),
    "return zzz": ("NameError: name 'zzz' is not defined", "gives that name a value"),
    "if num_classes < 0: n = 1\n    return n": ("UnboundLocalError: ", "every path"),
    "return labels.shap": (
        "AttributeError: 'numpy.ndarray' object has no attribute 'shap'. Did you mean: 'shape'?",
        "after the dot",
    ),
    "return labels.foobar": ("AttributeError: ", "before the dot"),
    "return labels.sort().sum()": ("AttributeError: 'NoneType'", "returned None"),
    "return np.full()": ("TypeError: ", "Which arguments"),
    "return labels(0)": ("TypeError: 'numpy.ndarray' object is not callable", "before the parentheses"),
    "return num_classes[0]": ("TypeError: 'int' object is not subscriptable", "before the brackets"),
    "return labels.sort()[0]": ("TypeError: 'NoneType' object is not subscriptable", "returned None"),
    "return [1, 2]['a']": ("TypeError: list indices must be", "a list where"),
    "return list(num_classes)": ("TypeError: 'int' object is not iterable", "loop over"),
    "return 'a' - 1": ("TypeError: unsupported operand", "either side of the operator"),
    "return int(labels)": ("TypeError: only ", "need one number"),
    "x = labels.astype(np.uint8)\n    x /= 2\n    return x": ("UFuncTypeError: ", "Which dtypes does"),
    "return labels[99999]": ("IndexError: index 99999", "index of the last one"),
    "return labels[0, 0]": ("IndexError: too many indices", "How many axes"),
    "return labels[0.5]": ("IndexError: only integers", "Is every index an integer"),
    "return labels[np.ones(3, bool)]": ("IndexError: boolean index", "mask"),
    "return labels.sum(axis=3)": ("AxisError: ", "axis 0"),
    "return {}['a']": ("KeyError: 'a'", "Which keys"),
    "return np.ones(3) + np.ones(4)": ("ValueError: operands could not be broadcast", "From the right"),
    "return np.array([[1], [1, 2]])": ("ValueError: setting an array element", "put into one"),
    "return labels.reshape(7, 9)": ("ValueError: cannot reshape", "How many numbers"),
    "return np.ones((2, 3)) @ np.ones((2, 3))": ("ValueError: matmul", "Which shapes do you multiply"),
    "return 1 if labels > 3 else 0": ("ValueError: The truth value", "test each number"),
    "a, b = labels": ("ValueError: too many values to unpack", "names are on the left"),
    "return np.concatenate([np.ones(3), np.ones((2, 2))])": ("ValueError: all the input", "put together"),
    "return 1 / (num_classes - num_classes)": ("ZeroDivisionError: ", "Which value is 0"),
    "import numpie": ("ModuleNotFoundError: ", "Is the module's name spelled right?"),
    "import kears.layers": ("ModuleNotFoundError: ", "Is the module's name spelled right?"),
    "import pandoras_box": ("ModuleNotFoundError: ", "Only the packages of the course"),
    "from numpy import bincounts": ("ImportError: ", "spelled in the library"),
    "exit()": ("SystemExit", "did you want `return`?"),
    "return input()": ("EOFError: ", "There is no keyboard in a check"),
    "return label_counts(labels)": ("RecursionError: ", "stop calling itself"),
    "return open('table.csv')": ("FileNotFoundError: ", "empty folder"),
    "import socket; socket.socket()": ("PermissionError: ", "without a network"),
    "assert len(labels) < 0": ("AssertionError", "Which condition"),
    "breakpoint()": ("BdbQuit", "--pdb"),
    "raise OverflowError('oh')": ("OverflowError: oh", "What does the message say"),
}
UNREADABLE = {
    "def f(:": "bracket, comma, quote or colon",
    "def f(x)\n    return x": "end with a colon",
    "def f(x):\nreturn x": "nothing indented below",
    "x = 1\n  y = 2": "indented exactly",
    "if 1:\n        x = 1\n\tx = 2": "tabs and spaces",
    "x = (1, 2": "Which bracket",
    "x = 'abc": "Which quote",
    "if x = 1:\n    pass": "to compare (==)",
    "def f(x):\n    retrun x": "Is `return` spelled right?",
    "improt numpy": "Is `import` spelled right?",
    "fro i in range(3):\n    pass": "Is `for` spelled right?",
    "form numpy import ones": "Is `from` spelled right?",
    "if 1:\n    pass\nesle:\n    pass": "Is `else` spelled right?",
    "x = 3 4": "bracket, comma, quote or colon",
    "x = “abc”": "curly quote",
    'print "hi"': "print needs parentheses",
}
KERAS = {  # what Keras and TensorFlow say, in their own words
    'Input 0 of layer "dense" is incompatible with the layer: expected axis -1 of input shape to have value 784, but '
    "received input with shape (None, 28, 28)": "Which input shape",
    "Arguments `target` and `output` must have the same shape.": "loss expects",
    "You must call `compile()` before calling `fit()`.": "compiled before",
}


def results(code: str, engine):
    with Session(PIXELS, Source(code.encode(), "01_pixels.py"), engine) as session:
        return session.verdict()


@pytest.mark.parametrize("body", RAISED)
def test_an_exception_gets_a_question_that_fits(body, engine):
    words, question = RAISED[body]
    result = results(f"{HEAD}    {body}\n", engine).checks[0]
    assert result.raised.startswith(words)
    assert question in result.hint
    if "BdbQuit" not in words:
        assert result.where.startswith("01_pixels.py:")


@pytest.mark.parametrize("code", UNREADABLE)
def test_a_file_that_is_not_python_gets_a_question_that_fits(code, engine):
    assert UNREADABLE[code] in results(code, engine).message


@pytest.mark.parametrize("text", KERAS)
def test_what_keras_says_gets_a_question_that_fits(text):
    assert KERAS[text] in question_about(SubmissionError("ValueError", text, 3, "", "f"))


def test_a_wrong_signature_is_asked_about_before_anything_else(engine):
    result = results("def label_counts():\n    return 1\n", engine).checks[0]
    assert "as many arguments as in the exercise" in result.hint


def test_a_function_under_a_similar_name_is_asked_about(engine):
    code = "def onehot(labels, num_classes=10):\n    return labels\n\n\ndef main():\n    pass\n"
    verdict = results(code, engine)
    hints = {result.name: result.hint for result in verdict.checks}
    assert hints["one_hot"] == "There is a function onehot. Did you mean that one?"
    assert "spelled exactly as in the exercise" in hints["label_counts"]


def test_every_question_is_one(engine):
    assert all(ask.endswith(("?", ".")) and "?" in ask for _, _, ask in QUESTIONS if "From the right" not in ask)
