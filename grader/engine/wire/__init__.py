"""The protocol between judge and runner, and nothing else. Either side imports it; it imports neither."""
