"""What a format cannot hold of a sheet, item by item, and how what comes back is put on the original."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from khobor.annotations.files import line_order
from khobor.formats.interface import BlockSpan, Loss, Sheet
from khobor.records import Mention, Part, Quote

Item = Mention | Quote | BlockSpan


ALL = "all of it"  # a field of losses: the whole item


def items_of(sheet: Sheet) -> dict[str, Item]:
    """Turn a sheet into its items by id."""
    items: list[Item] = [*sheet.mentions, *sheet.quotes, *sheet.blocks]
    return {item.id: item for item in items}


def losses_of(sheet: Sheet, held: Sheet, name: str) -> list[Loss]:
    """Turn a sheet and what the format `name` holds of it into what is lost, sorted."""
    kept = items_of(held)
    losses = []
    for item in items_of(sheet).values():
        for field in _lost_fields(item, kept.get(item.id)):
            losses.append(Loss(sheet.doc_id, item.id, field, f"{name} has no place for it"))
    return sorted(losses)


def _lost_fields(item: Item, kept: Item | None) -> Iterator[str]:
    if kept is None or type(kept) is not type(item):
        yield ALL
        return
    for field in item.__struct_fields__:
        if field not in ("id", "surface") and _bare(getattr(item, field)) != _bare(
            getattr(kept, field)
        ):
            yield field


def put_back(original: Sheet, held: Sheet, returned: Sheet) -> Sheet:
    """Put what came back from a tool on the original.

    `held` is what the format holds of the original: what the tool was given. A field that is the
    same in `held` and `returned` was not touched, and stays as in the original, with what the
    format cannot hold (a note, an id); one that differs is the tool's. Items that are gone are
    gone, unless the format did not hold them at all. So without an edit the original comes back.
    """
    before, given = items_of(original), items_of(held)
    back = items_of(returned)
    unseen = [item for item in before.values() if item.id not in given]
    merged = [
        _merge(before[item.id], given[item.id], item) if item.id in given else item
        for item in back.values()
    ]
    items = [*merged, *unseen]
    return msgspec.structs.replace(
        original,
        mentions=tuple(sorted((i for i in items if isinstance(i, Mention)), key=line_order)),
        quotes=tuple(sorted((i for i in items if isinstance(i, Quote)), key=line_order)),
        blocks=tuple(
            sorted((i for i in items if isinstance(i, BlockSpan)), key=lambda block: block.start)
        ),
    )


def _merge(original: Item, given: Item, returned: Item) -> Item:
    if type(original) is not type(returned) or type(given) is not type(returned):
        return returned
    fields = {
        field: getattr(returned, field)
        for field in returned.__struct_fields__
        if field not in ("id", "surface")
        and _bare(getattr(returned, field)) != _bare(getattr(given, field))
    }
    if not fields:
        return original
    if isinstance(returned, Mention) and {"start", "end"} & set(fields):
        # A moved name has the tool's own end of the bare name, and its own words.
        fields |= {"name_end": returned.name_end, "surface": returned.surface}
    return msgspec.structs.replace(original, **fields)


def _bare(value: object) -> object:
    """Leave surfaces out of a comparison: they follow from the spans."""
    if isinstance(value, Part):
        return value.start, value.end
    if isinstance(value, tuple):
        return tuple(map(_bare, value))
    return value
