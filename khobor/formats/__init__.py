"""Formats that annotations go out to and come back from, and the view for a terminal."""
