"""What was worked out before, kept under the digest of all that decides it."""
