"""The search for better settings: a study that goes on where it stopped, its runs, and what it won."""
