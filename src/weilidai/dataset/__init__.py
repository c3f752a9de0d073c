"""Tables for learning: what a table must look like, and how its people are split."""
