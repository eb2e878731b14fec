"""Models of the corpus: baselines that a CPU trains, and input to train others on."""
