"""The models that suggest annotations of new pages: trained, kept in a folder, read again.

A folder of models holds two files of crfsuite and a JSON file that says what they were trained on; nothing
is pickled. The same documents give the same files.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from khobor.annotations.checks import check_annotation
from khobor.annotations.files import AnnotationFile, line_order
from khobor.errors import UsageError
from khobor.records import Annotation, Document
from khobor.training.mention_taggers import find_mentions, train_mentions
from khobor.training.name_ends import NameEnds, learn_name_ends
from khobor.training.quote_taggers import find_quotes, train_quotes
from khobor.training.taggers import Tagger

SILVER = "silver"  # the annotator that a model's work stands under, unless another is named
ABOUT = "model.json"
MENTIONS = "mentions.crfsuite"
QUOTES = "quotes.crfsuite"

Annotated = tuple[Document, Annotation]


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a folder of models says of itself: a digest of each file, and what it learned from.

    `ends` is what was learned of glued endings.
    """

    digests: dict[str, str]
    guidelines: tuple[str, ...]
    documents: tuple[str, ...]
    ends: NameEnds


class Models(msgspec.Struct, frozen=True):
    """Models, open: mentions, and quotes with what the rules find."""

    about: About
    mentions: Tagger
    quotes: Tagger


def train_models(documents: Sequence[Annotated], folder: Path) -> Models:
    """Turn annotated documents into models in a new folder, and open them.

    Raises UsageError where there is nothing to learn from, or where the folder is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(
            "is not empty", where=str(folder), fix="choose another folder for the model"
        )
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        train_mentions(documents, partial / MENTIONS)
        train_quotes(documents, partial / QUOTES)
        about = About(
            digests={name: _digest(partial / name) for name in (MENTIONS, QUOTES)},
            guidelines=tuple(sorted({annotation.guideline for _, annotation in documents})),
            documents=tuple(sorted(document.doc_id for document, _ in documents)),
            ends=learn_name_ends(
                (document.text[mention.start : mention.end], mention)
                for document, annotation in documents
                for mention in annotation.mentions
            ),
        )
        (partial / ABOUT).write_bytes(msgspec.json.encode(about))
        if folder.exists():
            folder.rmdir()
        os.replace(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return read_models(folder)


def read_models(folder: Path) -> Models:
    """Turn a folder of models into open ones; raise UsageError where it is none or is damaged."""
    try:
        about = msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
        whole = all(_digest(folder / name) == digest for name, digest in about.digests.items())
        if set(about.digests) != {MENTIONS, QUOTES} or not whole:
            raise ValueError("a file is not the one that was written")
    except (OSError, ValueError) as error:  # msgspec's errors are ValueErrors
        raise UsageError(
            f"is no folder of models, or is damaged ({error})",
            where=str(folder),
            fix="remove it, and it is trained again",
        ) from error
    return Models(about, Tagger(folder / MENTIONS), Tagger(folder / QUOTES))


def suggest_annotation(
    document: Document, models: Models, *, guideline: str, annotator: str = SILVER
) -> Annotation:
    """Turn a document into the silver annotation that the models suggest.

    What would break a rule of `khobor check` is left out. Its progress is partial: nobody has
    finished it.
    """
    empty = Annotation(
        document.doc_id, document.text_sha256, annotator, guideline, "partial", status="silver"
    )
    mentions = find_mentions(document, models.mentions, models.about.ends)
    named = _sound(document, msgspec.structs.replace(empty, mentions=tuple(mentions)))
    quotes = sorted(find_quotes(document, named.mentions, models.quotes), key=line_order)
    return _sound(document, msgspec.structs.replace(named, quotes=tuple(quotes)))


def _sound(document: Document, annotation: Annotation) -> Annotation:
    """Leave out the items that break a rule."""
    mentions = list(enumerate(annotation.mentions, start=2))
    quotes = list(enumerate(annotation.quotes, start=2 + len(mentions)))
    file = AnnotationFile(
        annotation.doc_id,
        1,
        annotation,
        tuple(line for line, _ in mentions),
        tuple(line for line, _ in quotes),
    )
    findings = check_annotation(file, document.text, document.text_sha256, document.blocks)
    # `order` is about a file's lines, and these are none yet.
    faulty = {f.line for f in findings if f.level == "error" and f.check != "order"}
    return msgspec.structs.replace(
        annotation,
        mentions=tuple(mention for line, mention in mentions if line not in faulty),
        quotes=tuple(quote for line, quote in quotes if line not in faulty),
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
