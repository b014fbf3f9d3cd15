"""A trained network where it is of use: `digits serve` answers requests with it."""
