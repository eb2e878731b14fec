"""Layers of a page text: blocks, the article view, sentences, tokens."""
