"""The untrusted side: holds the submission and answers requests. Nothing in here is a safeguard."""
