"""The formats by name. Each is imported when it is asked for: some need an extra."""

from __future__ import annotations

from importlib import import_module

from khobor.errors import UsageError
from khobor.formats.interface import Codec, Exporter

# Name → module below khobor.formats that has CODEC.
CODECS = {
    "brat": "brat",
    "labelstudio": "labelstudio",
    "doccano": "doccano",
    "uima": "uima_xmi",
    "uima-json": "uima_json",
    "inline": "inline",
}
# Name → module below khobor.formats that has EXPORTER.
EXPORTERS = {
    "conll2003": "conll2003",
    "conllu": "conllu",
    "spacy": "spacy_docbin",
    "gliner": "gliner",
    "webannotation": "webannotation",
}


def codec_of(name: str) -> Codec:
    """Load a two-way format; raise UsageError where none has the name, or its extra is missing."""
    codec = getattr(_module(name, CODECS), "CODEC", None)
    assert isinstance(codec, Codec)
    return codec


def exporter_of(name: str) -> Exporter:
    """Load a one-way format; raise UsageError where none has the name, or its extra is missing."""
    exporter = getattr(_module(name, EXPORTERS), "EXPORTER", None)
    assert isinstance(exporter, Exporter)
    return exporter


def _module(name: str, modules: dict[str, str]) -> object:
    if name not in modules:
        raise UsageError(f"no format {name!r}", fix=f"expected one of {', '.join(sorted(modules))}")
    try:
        return import_module(f"khobor.formats.{modules[name]}")
    except ModuleNotFoundError as error:
        extra = "spacy" if name == "spacy" else "uima"
        raise UsageError(
            f"the format {name} needs the library {error.name}",
            fix=f"pip install 'khobor[{extra}]'",
        ) from error
