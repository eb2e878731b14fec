"""What khobor reaches, each figure measured with its peers in the same run.

A module a question: extraction, captures, labels, sentences, speed_html, speed_text, memory.
Each runs by itself (`python -m benchmarks.extraction`); `python -m benchmarks` runs all and
writes docs/benchmarks.md. The peers are no dependencies of khobor: `make bench` installs them
into an environment of their own.
"""
