"""Releases: rows, parquet files, card and checksums: a folder that load_dataset opens."""
