"""The commands of `digits class`."""
