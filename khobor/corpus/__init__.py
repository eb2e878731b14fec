"""The corpus: pages in a folder, their annotations, clusters and splits; builds of all of it."""
