"""brat's grammar, written from its documentation alone, to hold our files against.

https://brat.nlplab.org/standoff.html and https://brat.nlplab.org/configuration.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator


def slices(text: str, spans: str) -> str:
    """Turn `0 5;7 9` into what brat shows for it: fragments of the text, joined by spaces."""
    pairs = [pair.split(" ") for pair in spans.split(";")]
    return " ".join(text[int(start) : int(end)] for start, end in pairs)


def faults(ann: str, text: str, conf: str) -> list[str]:
    """List what brat's documentation forbids in an .ann, one sentence each."""
    return list(_faults(ann, text, conf))


def sections(conf: str) -> dict[str, list[str]]:
    """Turn a configuration file into the lines of its sections."""
    found: dict[str, list[str]] = {}
    for line in conf.split("\n"):
        heading = re.fullmatch(r"\[([a-z]+)\]", line)
        if heading:
            found[heading[1]] = []
        elif line and not line.startswith(("#", "---")):
            found[list(found)[-1]].append(line)
    return found


def _faults(ann: str, text: str, conf: str) -> Iterator[str]:
    if ann and not ann.endswith("\n"):
        yield "the last line has no end"
    rows = [line.split("\t", 2) for line in ann.splitlines()]
    names = [row[0] for row in rows]
    if len(set(names)) < len(names):
        yield "an id is there twice"
    types = {row[0]: re.split("[ :]", row[1])[0] for row in rows if len(row) > 1}
    triggers = {row[1].split(" ")[0].split(":")[1] for row in rows if row[0].startswith("E")}
    for row in rows:
        if not re.fullmatch(r"[TEA#][0-9]+", row[0]) or len(row) < 2:
            yield f"no line: {row}"
        elif row[0][0] == "T":
            yield from _span_faults(row, text, conf)
        elif row[0][0] == "E":
            yield from _event_faults(row, types, conf)
        elif row[0][0] == "A":
            yield from _attribute_faults(row, types, triggers, conf)
        else:
            yield from _note_faults(row, types, triggers)


def _span_faults(row: list[str], text: str, conf: str) -> Iterator[str]:
    kind, _, spans = row[1].partition(" ")
    if not re.fullmatch(r"[0-9]+ [0-9]+(;[0-9]+ [0-9]+)*", spans):
        yield f"{row[0]}: no offsets: {spans!r}"
        return
    offsets = [int(number) for pair in spans.split(";") for number in pair.split(" ")]
    if offsets != sorted(offsets) or offsets[-1] > len(text):
        yield f"{row[0]}: fragments out of order or text: {spans}"
    if any(start == end for start, end in zip(offsets[::2], offsets[1::2], strict=True)):
        yield f"{row[0]}: an empty fragment"
    if len(row) < 3 or row[2] != slices(text, spans):
        yield f"{row[0]}: the text is another one"
    declared = sections(conf)
    if kind not in declared["entities"] and kind not in _events(declared):
        yield f"{row[0]}: type {kind} is not declared"


def _events(declared: dict[str, list[str]]) -> dict[str, dict[str, tuple[str, list[str]]]]:
    """Turn the event section into the roles of each type: how often, and what may fill them."""
    macros = dict(line.split("=") for line in declared["events"] if re.fullmatch(r"<\w+>=.*", line))
    events = {}
    for line in declared["events"]:
        if line.startswith("<"):
            continue
        kind, arguments = line.split("\t")
        events[kind] = {
            role[1]: (role[2], macros.get(role[3], role[3]).split("|"))
            for role in re.finditer(r"(\w+)([?*+]?):([^,\s]+)", arguments)
        }
    return events


def _event_faults(row: list[str], types: dict[str, str], conf: str) -> Iterator[str]:
    head, *arguments = row[1].split()
    kind, trigger = head.split(":")
    if not trigger.startswith("T") or types.get(trigger) != kind:
        yield f"{row[0]}: the trigger {trigger} is not a {kind}"
    roles = [argument.split(":")[0] for argument in arguments]
    if len(set(roles)) < len(roles):
        yield f"{row[0]}: a role twice without a number"
    declared = _events(sections(conf)).get(kind)
    if declared is None:
        yield f"{row[0]}: event {kind} is not declared"
        return
    for argument in arguments:
        role, target = argument.split(":")
        bare = role.rstrip("0123456789")
        if bare not in declared or types.get(target) not in declared[bare][1]:
            yield f"{row[0]}: {role} may not be {target}"
        elif bare != role and declared[bare][0] not in ("*", "+"):
            yield f"{row[0]}: {bare} more than once"


def _attribute_faults(
    row: list[str], types: dict[str, str], triggers: set[str], conf: str
) -> Iterator[str]:
    name, target, value = row[1].split(" ", 2)
    if target not in types or target in triggers:
        yield f"{row[0]}: an attribute of {target}"
    lines = sections(conf)["attributes"]
    macros = dict(line.split("=") for line in lines if line.startswith("<"))
    declared = {
        found[1]: (macros.get(found[2], found[2]).split("|"), found[3].split("|"))
        for found in (re.fullmatch(r"(\w+)\tArg:([^,]+), Value:(.+)", line) for line in lines)
        if found
    }
    if name not in declared:
        yield f"{row[0]}: attribute {name} is not declared"
    elif types.get(target) not in declared[name][0] or value not in declared[name][1]:
        yield f"{row[0]}: {name} of {target} may not be {value}"


def _note_faults(row: list[str], types: dict[str, str], triggers: set[str]) -> Iterator[str]:
    kind, target = row[1].split(" ")
    if kind != "AnnotatorNotes" or target not in types or target in triggers:
        yield f"{row[0]}: a note on {target}"
    if len(row) < 3 or row[2].strip() != row[2] or row[2] == "":
        yield f"{row[0]}: brat would trim the note"
