"""The colours of labels, so that they look the same in every tool: #rrggbb by label.

All are light: black words stay readable on them.
"""

from __future__ import annotations

ENTITY_COLOURS = {
    "PER": "#ffd59e",
    "ORG": "#a7c2ff",
    "GPE": "#b7e4c7",
    "LOC": "#d3e8a3",
    "PRODUCT": "#f5b8d0",
    "WORK": "#d9c2f0",
    "EVENT": "#ffb3a7",
    "NORP": "#f0e0b0",
    "DATE": "#c4e8ef",
    "TIME": "#9fd8d2",
    "NUM": "#d9d9d9",
}
QUOTE_COLOURS = {
    "CONTENT": "#e3f5d0",
    "CUE": "#fff1a8",
    "SPEAKER": "#a8e6f0",
    "QUOTED": "#bfe8a0",
}
BLOCK_COLOURS = {
    "headline": "#ffc9a3",
    "standfirst": "#ffe0b8",
    "byline": "#d6c8f5",
    "dateline": "#bfe3d0",
    "timestamp": "#bfdcf0",
    "subheading": "#ffd0c8",
    "paragraph": "#e8f0fa",
    "list": "#dfeecb",
    "caption": "#f4d7ea",
    "related": "#e6e2d5",
    "advert": "#f2e6a8",
    "chrome": "#dddddd",
}
# The ending that is glued to a name, where a tool marks it as a span.
ENDING_COLOUR = {"ENDING": "#cfcfcf"}

COLOURS = ENTITY_COLOURS | QUOTE_COLOURS | BLOCK_COLOURS | ENDING_COLOUR
