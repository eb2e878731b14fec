"""What a million and a billion pages cost, computed from the throughput in docs/benchmarks.md.

python -m benchmarks.scale_costs prints the table of docs/scale.md.
"""

from __future__ import annotations

import re

from benchmarks.material import REPOSITORY

# What clouds ask for a core and an hour, roughly and without a contract; put in your own.
DOLLARS = 0.04
_SECTIONS = {
    "text captures of 1,700 characters": "## A whole build of text captures",
    "HTML pages of 250 kB": "## A whole build of HTML pages",
}
_ROW = re.compile(r"\| khobor build, one process \| [\d.,]+ \| ([\d,]+) \|")


def main() -> None:
    """Print the table."""
    document = (REPOSITORY / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    print("| pages | a second and core | 1 million: core-hours | 1 billion: core-hours | at |")
    print("|---|---:|---:|---:|---:|")
    for name, heading in _SECTIONS.items():
        section = document[document.index(heading) :]
        found = _ROW.search(section)
        assert found is not None, heading
        rate = int(found[1].replace(",", ""))
        million = 1e6 / rate / 3600
        cost = million * DOLLARS
        print(
            f"| {name} | {rate:,} | {million:,.1f} | {1000 * million:,.0f} | "
            f"${cost:,.2f} and ${1000 * cost:,.0f} |"
        )


if __name__ == "__main__":
    main()
