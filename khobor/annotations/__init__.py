"""Hand annotations: reading and writing them, checking them, aligning them to tokens."""
