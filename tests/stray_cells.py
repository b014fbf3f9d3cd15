"""What students leave in a notebook beside their answers. None of it may cost a point of the answers, anywhere."""

CELLS = {
    # errors
    "division-by-zero": "1/0",
    "raises-after-printing": "print('hello')\nraise ValueError('stop here')",
    "unknown-name": "plt.imshow(x_train[0])",
    "failing-assertion": "assert 2 + 2 == 5, 'not yet'",
    "no-such-file": "text = open('results.csv').read()",
    "no-such-key": "settings = {}\nsettings['epochs']",
    "system-exit": "import sys\nsys.exit(1)",
    "interrupted": "raise KeyboardInterrupt",
    "out-of-recursion": "def forever(n):\n    return forever(n + 1)\n\nforever(0)",
    "own-exception": "class Oops(Exception):\n    def __str__(self):\n        raise Oops\n\nraise Oops",
    # no Python
    "open-bracket": "wip = [1,2",
    "half-a-function": "def next_try(images):",
    "plain-words": "this worked yesterday, ask about it",
    "wrong-indentation": "x = 1\n   y = 2",
    "python-2": "print 'hello'",
    "open-string": "title = 'mean image",
    "merge-conflict": "<<<<<<< HEAD\nepochs = 5\n=======\nepochs = 10\n>>>>>>> mine",
    "return-outside": "return 5",
    "await-outside": "import asyncio\nawait asyncio.sleep(0)",
    # imports that are not there when the notebook is graded
    "lesson-first-import": "from grader.data import load_mnist\n(x_train, y_train), (x_test, y_test) = load_mnist()",
    "lesson-pictures": "from grader.lesson import show\nshow(x_train[:10])",
    "colab-drive": "from google.colab import drive\ndrive.mount('/content/drive')",
    "pandas": "import pandas as pd\npd.DataFrame({'a': [1]}).describe()",
    "torch": "import torch\nprint(torch.__version__)",
    "own-module": "from my_helpers import draw\ndraw()",
    "numpy-and-what-is-missing": "import numpy as np\nimport seaborn as sns\nsns.set()",
    "keras-download": "import tensorflow as tf\n(a, b), (c, d) = tf.keras.datasets.mnist.load_data()",
    # what needs a person, the network, or time
    "waits-for-input": "name = input('press enter')",
    "endless": "while True:\n    pass",
    "sleeps": "import time\ntime.sleep(3600)",
    "ends-the-kernel": "import os\nos._exit(0)",
    "quits": "quit()",
    # IPython's own
    "magic": "%matplotlib inline\n%load_ext autoreload\n%autoreload 2",
    "pip": "!pip list --local\n%pip --version",
    "shell": "files = !ls\nprint(files)",
    "get-ipython": "get_ipython().system('ls')",
    "help": "len?",
    "bash-cell": "%%bash\nls -l",
    "html-cell": "%%html\n<b>bold</b>",
    "write-file": "%%writefile notes.txt\none two three",
    "unknown-cell-magic": "%%sql\nSELECT * FROM digits",
    "timed-cell": "%%time\nsum(range(10))",
    "captured-cell": "%%capture output\nprint('quiet')\nundefined_name",
    # names that the answers use as their own
    "same-names-as-parameters": "labels = y_train[:10]\nimages = x_train[:10]",
    "result-under-the-functions-name": "one_hot = one_hot([1, 2])",
    "training": "history = model.fit(x_train, y_train, epochs=50)",
    "deletes": "del x_train, np_",
    "future-import": "from __future__ import annotations",
    "changes-print-options": "np.set_printoptions(suppress=True)",
    "own-check": "def test_mine():\n    assert label_counts(None) is None\n\ntest_mine()",
    "class-of-ones-own": "class Model(Base):\n    pass",
    # a later definition that is none, since its line raises
    "unknown-decorator": "@nothing\ndef label_counts(labels, num_classes=10):\n    return labels",
    "unknown-default": "def label_counts(labels, num_classes=undefined_name):\n    return labels",
    "value-that-fails": "K = 1 / 0\n\ndef label_counts(labels, num_classes=10):\n    return K",
    "empty": "",
    "comment": "# TODO: ask on Thursday",
    "nul": "x = 1  # \0\ny = 2",
    "emoji": "print('\N{DUCK}')\n1/0",
}
NOT_IN_A_KERNEL = {  # which hangs or is gone after these, or takes long over them
    "endless",
    "own-exception",
    "sleeps",
    "ends-the-kernel",
    "quits",
    "keras-download",
}

# Ways to write a function, which all count
BINCOUNT = "np.bincount(labels, minlength=num_classes)"
LABEL_COUNTS = {
    "two-spaces": f"def  label_counts(labels, num_classes=10):\n    return {BINCOUNT}",
    "tab": f"def\tlabel_counts(labels, num_classes=10):\n    return {BINCOUNT}",
    "lambda": f"label_counts = lambda labels, num_classes=10: {BINCOUNT}",
    "annotated": f"label_counts: object = lambda labels, num_classes=10: {BINCOUNT}",
    "walrus": f"(label_counts := lambda labels, num_classes=10: {BINCOUNT})",
    "under-if": f"if True:\n    def label_counts(labels, num_classes=10):\n        return {BINCOUNT}",
    "under-try": f"try:\n    label_counts = lambda labels, num_classes=10: {BINCOUNT}\nfinally:\n    pass",
    "other-name": f"def mine(labels, num_classes=10):\n    return {BINCOUNT}\n\nlabel_counts = mine",
    "decorated": f"@(lambda function: function)\ndef label_counts(labels, num_classes=10):\n    return {BINCOUNT}",
    "class": f"class label_counts:\n    def __new__(cls, labels, num_classes=10):\n        return {BINCOUNT}",
}
