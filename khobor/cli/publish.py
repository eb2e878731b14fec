"""khobor publish: a release to the Hugging Face Hub, the only command that uses a network."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from khobor.cli.errors import with_exit_codes
from khobor.errors import HostError

if TYPE_CHECKING:
    from khobor.release.publishing import Publication
    from khobor.release.uploads import Upload


@click.command()
@click.argument("release", type=click.Path(path_type=Path))
@click.option("--repo", "repo_id", metavar="OWNER/NAME", required=True, help="The repository.")
@click.option("--private", is_flag=True, help="Create it private; refuse it where it is public.")
@click.option("--dry-run", is_flag=True, help="Check, and say what would be uploaded; no network.")
@click.option("--endpoint", metavar="URL", help="The host, if not HF_ENDPOINT or the Hub.")
@with_exit_codes
def publish(release: Path, repo_id: str, private: bool, dry_run: bool, endpoint: str | None) -> int:
    """Publish a frozen release: check, upload, verify what the host has, then tag it vX.Y.Z.

    RELEASE is the folder NAME-X.Y.Z that a build wrote. The dataset repository is created where
    there is none. An interrupted upload is resumed by the same command; a published version is
    left as it is, and its tag is never moved.

    The token comes from HF_TOKEN or from `hf auth login`, and is never printed.
    """
    if dry_run:
        from khobor.release.uploads import prepare_upload

        click.echo(describe_upload(prepare_upload(release, repo_id, endpoint=endpoint)))
        return 0
    # Here, not above: only this command may load the client of a host.
    from khobor.release.publishing import publish_release

    try:
        publication = publish_release(
            release,
            repo_id,
            private=private,
            endpoint=endpoint,
            tell=lambda sentence: click.echo(sentence, err=True),
        )
    except KeyboardInterrupt:
        raise HostError(
            "interrupted", where=repo_id, fix="the same command goes on from there"
        ) from None
    click.echo(describe_publication(publication))
    return 0


def describe_upload(upload: Upload) -> str:
    """Turn an upload into what would be sent: files and bytes of each folder."""
    files: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for path, file in upload.files.items():
        top = path.partition("/")[0] + "/" if "/" in path else path
        files[top] += 1
        sizes[top] += file.size
    width = max(len(name) for name in files)
    lines = [f"{upload.release.name} {upload.release.version} may be published. It would have"]
    lines += [f"  {name:<{width}}{files[name]:>8,} files{sizes[name]:>16,} bytes" for name in files]
    lines += [
        f"  {'together':<{width}}{len(upload.files):>8,} files{upload.size:>16,} bytes",
        f"in the dataset repository {upload.repo_id} at {upload.endpoint}, tagged {upload.tag}.",
        "What is there already would not be sent again. The host was not asked.",
    ]
    return "\n".join(lines)


def describe_publication(publication: Publication) -> str:
    """Turn a publication into what was done, and how to load it."""
    name = f"{publication.repo_id} {publication.tag}"
    visible = " (private)" if publication.private else ""
    if publication.before:
        lines = [f"{name} is published already with these files{visible}; nothing was written."]
    else:
        lines = [
            f"{name} is published{visible}: {publication.files:,} files, "
            f"{publication.changed:,} of them new on main; {publication.sent_bytes:,} bytes sent."
        ]
        if publication.deleted:
            lines.append(f"No longer on main: {', '.join(publication.deleted)}")
        if publication.edited:
            lines.append(
                "Somebody had changed these on the host, and they are replaced: "
                f"{', '.join(publication.edited)} (commit {publication.replaced} still has them)"
            )
    lines += [
        f"Commit {publication.commit}, {publication.url}",
        f"Load it: from datasets import load_dataset; "
        f'load_dataset("{publication.repo_id}", revision="{publication.tag}")',
    ]
    return "\n".join(lines)
