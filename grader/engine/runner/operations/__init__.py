"""What the judge can ask of a runner."""
