"""Studies that only a lab with a known truth can make: each asks one question of the models and answers in tables."""
