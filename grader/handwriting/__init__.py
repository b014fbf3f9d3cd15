"""From a picture file to a digit: opens it, prepares it as MNIST's digits were prepared, and asks a network."""
