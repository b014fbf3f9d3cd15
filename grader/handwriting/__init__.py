"""From a picture file to a digit: opens it, prepares it the way MNIST's digits were prepared, and runs a network."""
