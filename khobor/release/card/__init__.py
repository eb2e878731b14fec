"""The card of a release: its Markdown, its YAML, its pictures, and the sentences in them."""
