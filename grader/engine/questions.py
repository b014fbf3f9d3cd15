"""Which question leads on from an exception. It depends on the exception's type and words."""

import keyword
import re
from difflib import get_close_matches

from grader.api.errors import SubmissionError

READING = ("SyntaxError", "IndentationError", "TabError")
SHAPES = "Which shapes does your line combine? From the right, the two sizes must be equal, or one must be 1."
NONE = "Which function returned None here? Does it end with a return on every path?"
ANY = ""
QUESTIONS: tuple[tuple[tuple[str, ...], str, str], ...] = (  # types, words of the text, question; the first one fits
    (("NameError",), r"Did you mean", "Where did you define that name, and how is it spelled there?"),
    (("NameError",), r"forget to import", "Which import is missing at the top of your file?"),
    (("NameError",), ANY, "Which line gives that name a value, and does it run before this one?"),
    (("UnboundLocalError",), ANY, "Does every path through your function give that name a value before this line?"),
    (("AttributeError",), r"'NoneType'", NONE),
    (("AttributeError",), r"Did you mean", "How is the name after the dot spelled in the library?"),
    (("AttributeError",), ANY, "What type does the value before the dot have, and what does that type offer?"),
    (
        ("TypeError",),
        r"required (positional|keyword)|takes .* argument|unexpected keyword|multiple values for",
        "Which arguments does the function you call here take, and which do you pass?",
    ),
    (("TypeError",), r"'NoneType'", NONE),
    (("TypeError",), r"not callable", "What comes before the parentheses here: a function, or a value?"),
    (("TypeError",), r"indices must be", "Is this a list where you expected an array? What type does the index have?"),
    (
        ("TypeError",),
        r"not subscriptable|item assignment",
        "What type does the value before the brackets have, and can it be indexed?",
    ),
    (("TypeError",), r"not iterable|non-iterable", "What is the type of the value that you loop over or unpack?"),
    (
        ("TypeError",),
        r"unsupported operand|not supported between",
        "What are the types of the values on either side of the operator?",
    ),
    (
        ("TypeError",),
        r"only .* arrays can be converted",
        "Where do you need one number, and how many are in the array?",
    ),
    (("TypeError", "ValueError"), r"dtype", "Which dtype does the value have here, and which one is needed?"),
    (
        ("UFuncTypeError", "UFuncNoLoopError"),
        ANY,
        "Which dtypes does your line combine, and can the array that receives the result hold it?",
    ),
    (("IndexError",), r"too many indices", "How many axes does the array have, and how many indices do you write?"),
    (("IndexError",), r"boolean index", "Do the mask and the array have the same shape?"),
    (("IndexError",), r"only integers|must be of integer", "Is every index an integer? Print the index and its dtype."),
    (("IndexError",), ANY, "How many items are there, and what is the index of the last one?"),
    (("AxisError",), ANY, "How many axes does the array have? The first one is axis 0."),
    (("KeyError",), ANY, "Which keys does the dictionary have, and which one do you ask for?"),
    (
        ("ValueError",),
        r"`target` and `output`|logits and labels|labels shape",
        "Do the labels have the form that the loss expects: integers (sparse) or one-hot rows?",
    ),
    (
        ("ValueError",),
        r"incompatible with the layer|expected (axis|min_ndim|ndim|shape)|Input 0 of|[Ii]nvalid input shape",
        "Which input shape does that layer expect, and which shape comes out of the layer before it?",
    ),
    (("ValueError",), r"compile\(", "Was the model compiled before this line?"),
    (("ValueError",), r"inhomogeneous", "Do all the lists or arrays that you put into one array have the same shape?"),
    (("ValueError",), r"cannot reshape", "How many numbers does the array hold, and how many does the new shape hold?"),
    (
        ("ValueError",),
        r"matmul|not aligned",
        "Which shapes do you multiply? The last axis of the first must be as long as the first axis of the second.",
    ),
    (("ValueError",), r"truth value", "Do you want to test each number, any of them, or all of them?"),
    (("ValueError",), r"to unpack", "How many values come back here, and how many names are on the left?"),
    (("ValueError",), r"dimensions|same shape", "What are the shapes of the arrays that you put together?"),
    (("ValueError", "InvalidArgumentError"), r"broadcast|[Ss]hape", SHAPES),
    (("ZeroDivisionError",), ANY, "Which value is 0 here, and for which input?"),
    (("SystemExit",), ANY, "exit() ends the program; did you want `return`?"),
    (
        ("ModuleNotFoundError",),
        ANY,
        "Only the packages of the course are installed. Does the exercise need this one?",
    ),
    (
        ("ImportError",),
        ANY,
        "How is that name spelled in the library, and does the exercise need it?",
    ),
    (("EOFError",), r"reading", "There is no keyboard in a check: which of the function's arguments holds the answer?"),
    (("RecursionError",), ANY, "For which input should the function stop calling itself?"),
    (("FileNotFoundError",), ANY, "Your code runs in an empty folder of its own. Which file is it looking for?"),
    (("AssertionError",), ANY, "Which condition did you assert, and which value makes it false?"),
    (
        ("BdbQuit",),
        ANY,
        "There is no keyboard in a check. Can you add --pdb to the command to stop at your breakpoint?",
    ),
    (("TabError",), ANY, "Does your file mix tabs and spaces?"),
    (READING, r"expected an indented block", "Which line ends with a colon and has nothing indented below it?"),
    (READING, r"indent", "Is this line indented exactly like the lines it belongs with?"),
    (READING, r"invalid character '[“”„‘’‚]", "You typed a curly quote. Can you use a straight one?"),
    (READING, r"Missing parentheses in call to 'print'", "print needs parentheses: do you mean print(…)?"),
    (READING, r"never closed|unmatched|does not match", "Which bracket has no partner?"),
    (READING, r"unterminated", "Which quote has no partner?"),
    (READING, r"expected ':'", "Which line should end with a colon?"),
    (READING, r"instead of '='|assign", "Do you want to compare (==) or to assign (=)?"),
    (READING, r"codec", "Which encoding does your editor save in? It should be UTF-8."),
    (READING, ANY, "Is a bracket, comma, quote or colon missing here, or at the end of the line above?"),
)
MODULES = (
    *("numpy", "keras", "tensorflow", "math", "random", "time", "os", "sys", "json"),
    *("collections", "itertools", "functools", "pathlib", "typing"),
)
MODULE_SPELLING = "Is the module's name spelled right?"
OWN_SIGNATURE = "Does your function take as many arguments as in the exercise, with the same names?"
FORBIDDEN = "Your code runs in one process, without your files and without a network. What is it trying to use?"
OTHER = "What does the message say, and which value in your line causes it?"


def question_about(error: SubmissionError) -> str:
    """The question that leads on from an exception of the submission."""
    if not error.line and error.type == "TypeError":  # raised by the call itself
        return OWN_SIGNATURE
    if "PermissionError" in error.summary:  # a library may have wrapped it
        return FORBIDDEN
    if error.type == "ModuleNotFoundError" and is_near_a_module(error.text):
        return MODULE_SPELLING
    if error.type == "SyntaxError" and error.text.startswith("invalid syntax") and (word := meant_keyword(error.code)):
        return f"Is `{word}` spelled right?"
    fitting = (ask for types, words, ask in QUESTIONS if error.type in types and re.search(words, error.text))
    return next(fitting, OTHER)


def is_near_a_module(text: str) -> bool:
    """Whether the module that is missing, according to a ModuleNotFoundError, has nearly the name of a common one."""
    named = re.search(r"'(\w+)", text)
    return bool(named and named[1] not in MODULES and get_close_matches(named[1], MODULES, n=1, cutoff=0.7))


def meant_keyword(line: str) -> str:
    """The keyword that the first word of a line may be meant to be: ``return`` for ``retrun x``; empty if it is none,
    or one already."""
    first = re.match(r"\s*([A-Za-z]+)(?=:|\s+[\w\"'(\[])", line)
    if not first or first[1] in keyword.kwlist:
        return ""
    same_letters = [word for word in keyword.kwlist if sorted(word) == sorted(first[1])]
    return next(iter(same_letters + get_close_matches(first[1], keyword.kwlist, n=1, cutoff=0.7)), "")
