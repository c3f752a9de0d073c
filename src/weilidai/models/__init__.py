"""The students: LightGBM models of invitation, first grant and rate, and the plain models they must beat."""
