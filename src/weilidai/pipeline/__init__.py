"""Whole jobs: each joins stages that do not know each other."""
