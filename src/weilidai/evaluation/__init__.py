"""How good a model is: metrics with intervals, slices, distance to the ceiling, stability, plots and gates."""
