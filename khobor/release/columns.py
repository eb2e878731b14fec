"""What each column of a release is, with its unit; card and Croissant say it, a test compares it."""

from __future__ import annotations

_QUOTE = {
    "kind": "direct (the speaker's own words), indirect (the reporter's) or mixed",
    "marking": "marked (in quotation marks), bare, or headline (a colon parts content and speaker)",
    "medium": "speech, post, document or unknown",
    "content": "spans of what was said, without the marks around it",
    "cue": "span of the reporting expression, or null",
    "speaker": "span of the words that name the source, or null",
    "speaker_mention": "id of the entity that the speaker is or refers to, or null",
}

CONFIG_MEANINGS = {
    "documents": "One row an article: its text, where it is from, and all spans in it.",
    "pages": "One row a page: the whole page's text with all of its blocks, furniture too.",
    "sentences": "One row a sentence: BNLP's tokens with BIO tags of entities and quotes.",
    "quotes": "One row a quotation: who said what, in the blocks in which it stands.",
}

COLUMNS: dict[str, dict[str, str]] = {
    "documents": {
        "doc_id": "name of the page in the catalogue, else 16 hex digits of its payload's SHA-256",
        "publisher": "who published the page",
        "country": "ISO 3166-1 alpha-2 code of the publisher's country",
        "url": "where the page stood",
        "licence": "of the text",
        "provenance": "composed for this corpus, or captured",
        "language": "BCP 47 code",
        "captured_at": "ISO 8601 time",
        "published_at": "ISO 8601 time as the page or the catalogue says; null beats a wrong one",
        "section": "as the page names it",
        "title": "the headline",
        "text": "the article: its blocks verbatim, joined by a newline",
        "text_sha256": "of `text` in UTF-8",
        "page_sha256": "of the whole page's text in UTF-8; annotation files carry it",
        "cluster_id": "documents that say the same share it, and never part over splits",
        "first_version": "the version in which the document first appeared",
        "annotation": "none, partial, silver or gold",
        "blocks": "the article's blocks in `text`, with where each begins in the page's text",
        "sentences": "spans in `text`",
        "entities": "mentions; `name_end` is where the bare name ends before a glued case ending",
        "quotes": "quotes with content, cue and speaker; null where nobody annotated",
    },
    "pages": {
        "doc_id": "as in `documents`",
        "text": "the whole page's text, furniture too",
        "text_sha256": "of `text` in UTF-8",
        "blocks": "all blocks of the page in `text`; `path` is the DOM path, null in text captures",
    },
    "sentences": {
        "sentence_id": "doc_id/s and a number from 1",
        "doc_id": "as in `documents`",
        "block": "place of the sentence's block in `documents.blocks`, from 0",
        "start": "where the sentence begins in `documents.text`",
        "text": "the sentence",
        "tokens": "BNLP's tokens",
        "token_starts": "where each token begins in `text`",
        "token_ends": "where each token ends in `text`",
        "annotation": "as in `documents`",
        "ner_tags": "BIO tags of entities, one a token; null where annotation is not complete",
        "quote_tags": "BIO tags of CONTENT, CUE and SPEAKER; null likewise",
        "quote_ids": "id of the quote that each token belongs to, or null",
    },
    "quotes": {
        "quote_id": "doc_id/ and the quote's id",
        "doc_id": "as in `documents`",
        **_QUOTE,
        "speaker_name": "the bare name of the mention that the speaker is or refers to, or null",
        "context": "the article's blocks in which the quote stands",
        "context_start": "where `context` begins in `documents.text`",
    },
}

# What lies in the columns that hold more than one value.
_SPAN = {"start": "first code point", "end": "code point behind the last"}
_PART = {**_SPAN, "text": "the words there"}
PARTS: dict[str, dict[str, str]] = {
    "blocks": {
        **_SPAN,
        "label": "what the block is: a headline, a paragraph, an advert …",
        "page_start": "where the block begins in `pages.text`",
        "path": "DOM path with classes, null in text captures",
    },
    "sentences": _SPAN,
    "entities": {
        "id": "number of the mention in its document",
        **_SPAN,
        "name_end": "where the bare name ends; `end` where nothing is glued to it",
        "label": "one of eleven",
        "text": "the words of the mention, ending included",
    },
    "quotes": {"id": "number of the quote in its document", **_QUOTE},
    "content": _PART,
    "cue": _PART,
    "speaker": _PART,
}

ENTITY_MEANINGS = {
    "PER": "a named person, also by nickname or surname",
    "ORG": "company, party, ministry, court, police force, newspaper, team, university",
    "GPE": "country, state, district, city, village: a place with a government",
    "LOC": "river, sea, region, road, bridge, stadium, airport, named building",
    "PRODUCT": "a made thing, an online service used as a thing",
    "WORK": "titled book, film, song, report, law, programme",
    "EVENT": "named war, cup, election, storm, festival, movement",
    "NORP": "nationality, religion, ethnic or political group by name",
    "DATE": "date, weekday, month, year, period of days or longer",
    "TIME": "clock time, part of a day, duration under a day",
    "NUM": "money, percentage, measure, cardinal or ordinal that counts something in the news",
}
