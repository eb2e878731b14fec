"""Repositories in memory, as git keeps them: blobs, trees, commits and refs under real SHA-1."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


def object_id(kind: str, body: bytes) -> str:
    """Name an object as git does."""
    return hashlib.sha1(f"{kind} {len(body)}\0".encode() + body).hexdigest()


def pointer(sha256: str, size: int) -> bytes:
    """Write the text that git keeps instead of a large file."""
    return (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()
    )


@dataclass(frozen=True)
class Blob:
    """A file of a tree: its bytes in git, and of a large file what its pointer says."""

    body: bytes
    lfs: tuple[str, int] | None = None  # sha256, size

    @property
    def oid(self) -> str:
        """Its name in git."""
        return object_id("blob", self.body)

    @property
    def size(self) -> int:
        """The size of the file, not of a pointer."""
        return len(self.body) if self.lfs is None else self.lfs[1]


Files = dict[str, Blob]


def large(sha256: str, size: int) -> Blob:
    """Make the blob of a large file."""
    return Blob(pointer(sha256, size), (sha256, size))


def tree_id(files: Files) -> str:
    """Turn files by path into the name of their git tree."""
    names: dict[str, Files] = {}
    for path, blob in files.items():
        first, _, rest = path.partition("/")
        names.setdefault(first, {})[rest] = blob
    entries = []
    for name, below in names.items():
        if "" in below:
            entries.append((name, "100644", name, below[""].oid))
        else:
            entries.append((f"{name}/", "40000", name, tree_id(below)))  # git sorts folders so
    body = b"".join(
        f"{mode} {name}\0".encode() + bytes.fromhex(oid) for _, mode, name, oid in sorted(entries)
    )
    return object_id("tree", body)


@dataclass
class Repository:
    """A dataset repository: commits by id, branches and tags."""

    private: bool
    commits: dict[str, Files] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def commit(self, files: Files, title: str) -> str:
        """Put a commit on main."""
        parent = self.branches.get("main", "")
        above = f"parent {parent}\n" if parent else ""
        person = f"khobor <khobor@example.org> {len(self.commits)} +0000"
        body = f"tree {tree_id(files)}\n{above}author {person}\ncommitter {person}\n\n{title}\n"
        oid = object_id("commit", body.encode())
        self.commits[oid] = dict(files)
        self.parents[oid] = parent
        self.titles[oid] = title
        self.branches["main"] = oid
        return oid

    def resolve(self, revision: str) -> str | None:
        """Turn a branch, a tag or an id into the id of its commit."""
        if revision in self.commits:
            return revision
        return self.branches.get(revision) or self.tags.get(revision)

    @property
    def head(self) -> str:
        """The commit of main."""
        return self.branches["main"]

    @property
    def files(self) -> Files:
        """The files of main."""
        return self.commits[self.head]


GITATTRIBUTES = Blob(b"*.parquet filter=lfs diff=lfs merge=lfs -text\n")


def new_repository(*, private: bool = False) -> Repository:
    """Make a repository as the host does, with its own first commit."""
    repository = Repository(private)
    repository.commit({".gitattributes": GITATTRIBUTES}, "initial commit")
    return repository
