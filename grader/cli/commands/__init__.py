"""One file per command. Each is thin: it calls the other packages and prints what they return."""
