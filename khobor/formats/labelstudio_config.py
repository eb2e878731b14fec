"""The labeling configuration of Label Studio: its controls, and the XML that a project is given.

Tags and parameters as in https://labelstud.io/tags/ (Labels, Text, Choices, TextArea, Relations,
Style), seen at work in Label Studio 1.23.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from khobor.formats.colours import BLOCK_COLOURS, ENTITY_COLOURS, QUOTE_COLOURS
from khobor.records import (
    BLOCK_LABELS,
    ENTITY_LABELS,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
)

FILE = "labelstudio.xml"
BLOCKS_FILE = "labelstudio-blocks.xml"

# The object that all controls are about, as in `<Text name="text" value="$text"/>`.
TEXT = "text"
ENTITY, PART, BLOCK = "entity", "quote", "block"
KIND, MARKING, MEDIUM = "kind", "marking", "medium"
ENDING, NOTE = "ending", "note"
CONTENT, CUE, SPEAKER, QUOTED = "CONTENT", "CUE", "SPEAKER", "QUOTED"

# Control → the values that it offers, by the type of result that Label Studio makes of it.
LABELS: dict[str, tuple[str, ...]] = {
    ENTITY: ENTITY_LABELS,
    PART: (CONTENT, CUE, SPEAKER, QUOTED),
    BLOCK: BLOCK_LABELS,
}
CHOICES: dict[str, tuple[str, ...]] = {
    KIND: QUOTE_KINDS,
    MARKING: QUOTE_MARKINGS,
    MEDIUM: QUOTE_MEDIA,
}
TEXTAREAS = (ENDING, NOTE)

_COLOURS = ENTITY_COLOURS | QUOTE_COLOURS | BLOCK_COLOURS
# Label Studio shows a region in its label's colour at this opacity.
_OPACITY = 0.3

# Relations lead from a quote's content; this is what they are called.
TO_CONTENT, TO_CUE, TO_SPEAKER, TO_QUOTED = "content", "cue", "speaker", "quoted"
TO_MENTION = "mention"
RELATIONS = (TO_CONTENT, TO_CUE, TO_SPEAKER, TO_QUOTED, TO_MENTION)

# Without pre-wrap the browser trims and folds white space, and offsets drift. The line height
# leaves room for the arrows of relations. A style on a View does not reach the text.
_STYLE = (
    "  <Style>.lsf-richtext__container"
    " { font-size: 18px; line-height: 2.8; white-space: pre-wrap }</Style>"
)
# symbol: a span ends on the border of a letter with its signs, not only on that of a word.
# An article is longer than a window: labels stay in sight above it, what is said of a region below.
_STAYS = "z-index: 999; padding: 4px 0; background: var(--color-neutral-background, #fff)"
_ABOVE = f'  <View style="position: sticky; top: 0; {_STAYS}">'
_BELOW = f'  <View style="position: sticky; bottom: -16px; {_STAYS}">'
_TEXT = f'  <Text name="{TEXT}" value="${TEXT}" granularity="symbol"/>'


def shared() -> dict[str, bytes]:
    """Make the two configurations: mentions and quotes of articles, and blocks of pages."""
    article = [
        f'  <View visibleWhen="region-selected" whenTagName="{PART}" whenLabelValue="{CONTENT}">',
        *map(_choices, CHOICES),
        "  </View>",
        f'  <View visibleWhen="region-selected" whenTagName="{ENTITY}">',
        _textarea(ENDING, "glued ending of the name (ের), if any"),
        "  </View>",
        '  <View visibleWhen="region-selected">',
        _textarea(NOTE, "note"),
        "  </View>",
    ]
    relations = [f"    <Relation value={quoteattr(name)}/>" for name in RELATIONS]
    return {
        FILE: _xml(
            [
                *(_ABOVE, _labels(ENTITY), _labels(PART), "  </View>"),
                *(_TEXT, _BELOW, *article, "  </View>"),
                *("  <Relations>", *relations, "  </Relations>"),
            ]
        ),
        BLOCKS_FILE: _xml([_ABOVE, _labels(BLOCK), "  </View>", _TEXT]),
    }


def _xml(lines: Iterable[str]) -> bytes:
    return "\n".join(["<View>", _STYLE, *lines, "</View>", ""]).encode()


def _labels(name: str) -> str:
    labels = "\n".join(
        f"    <Label value={quoteattr(label)} background={quoteattr(_strong(_COLOURS[label]))}/>"
        for label in LABELS[name]
    )
    return f'  <Labels name="{name}" toName="{TEXT}" showInline="true">\n{labels}\n  </Labels>'


def _strong(colour: str) -> str:
    """Turn a colour into the one that looks so (or nearly so) on white at _OPACITY."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{max(0, round(255 - (255 - part) / _OPACITY)):02x}" for part in parts)


def _choices(name: str) -> str:
    choices = "".join(f"<Choice value={quoteattr(value)}/>" for value in CHOICES[name])
    return (
        f'    <Choices name="{name}" toName="{TEXT}" perRegion="true" choice="single-radio"'
        f' showInline="true">{choices}</Choices>'
    )


def _textarea(name: str, placeholder: str) -> str:
    return (
        f'    <TextArea name="{name}" toName="{TEXT}" perRegion="true" maxSubmissions="1"'
        f' editable="true" placeholder={quoteattr(placeholder)}/>'
    )
