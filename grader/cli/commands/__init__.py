"""One file per command. Each is thin: it asks the rooms below and prints what they say."""
