"""Capture: from the bytes of a raw page to its verbatim page text."""
