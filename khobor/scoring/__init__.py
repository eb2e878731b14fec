"""How far two annotations of the same texts agree; the same measures score a model."""
