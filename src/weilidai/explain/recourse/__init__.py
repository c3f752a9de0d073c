"""What a person can do: declared actions, exact search over them, and proof where there is nothing to find."""
