"""Takes a trained network to where Keras is not: exported files, and a server for them."""
