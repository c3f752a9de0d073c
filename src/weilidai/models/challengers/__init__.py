"""The simpler models that the trees must beat, each learnt from the same people and held against the same ones."""
