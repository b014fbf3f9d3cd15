"""Never gets to its first function: the file itself does not end."""

import time

while True:
    time.sleep(1)
