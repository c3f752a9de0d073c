"""Searching for better settings of a model: the declared space, and drawing from it."""
