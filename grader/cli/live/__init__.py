"""The page of `digits watch`: it stays in place, follows saves and reads keys."""
