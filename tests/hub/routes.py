"""What the host answers to each request."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from tests.hub.repositories import Blob, Files, Repository, large, new_repository, tree_id
from tests.hub.server import READER, TOKEN, Answer, Refusal, Request

if TYPE_CHECKING:
    from tests.hub.server import Hub

_LFS_TYPE = "application/vnd.git-lfs+json"
_DATE = "2026-11-25T00:00:00.000Z"
_REGULAR_LIMIT = 10 * 1024 * 1024


def answer_request(hub: Hub, request: Request) -> Answer:
    """Find who answers, and let them."""
    first = request.parts[0]
    if first == "lfs":
        return _answer_storage(hub, request)
    if first == "api":
        return _answer_api(hub, request)
    if first == "datasets" and request.path.endswith(".git/info/lfs/objects/batch"):
        return _batch(hub, request)
    if first == "datasets" and len(request.parts) > 4 and request.parts[3] == "resolve":
        return _resolve(hub, request)
    raise Refusal(404, "no such address")


# --- who asks ----------------------------------------------------------------------------------


def _check_token(request: Request, *, write: bool = False) -> None:
    given = request.headers.get("authorization", "")
    if given not in (f"Bearer {TOKEN}", f"Bearer {READER}"):
        raise Refusal(401, "Invalid credentials in Authorization header")
    if write and given != f"Bearer {TOKEN}":
        raise Refusal(403, "Authorization error.", X_Error_Message="Authorization error.")


def _repository(hub: Hub, request: Request, name: str) -> Repository:
    """Find a repository; a private one is there for a token only."""
    repository = hub.repositories.get(name)
    if request.headers.get("authorization") is not None:
        _check_token(request)
    elif repository is None or repository.private:
        raise Refusal(401, "Invalid username or password.")
    if repository is None:
        raise Refusal(404, "Repository not found", code="RepoNotFound")
    return repository


def _commit(repository: Repository, revision: str) -> str:
    commit = repository.resolve(revision)
    if commit is None:
        raise Refusal(404, f"Invalid rev id: {revision}", code="RevisionNotFound")
    return commit


# --- the API -----------------------------------------------------------------------------------


def _answer_api(hub: Hub, request: Request) -> Answer:
    if request.line == "POST /api/repos/create":
        return _create(hub, request)
    if request.line == "POST /api/validate-yaml":
        _check_token(request)
        return Answer({"errors": [], "warnings": []})
    if request.parts[1] != "datasets" or len(request.parts) < 4:
        raise Refusal(404, "no such address")
    name = "/".join(request.parts[2:4])
    rest = request.parts[4:]
    repository = _repository(hub, request, name)
    if request.method == "GET" and rest[:1] in ((), ("revision",)):
        return _info(name, repository, rest[1] if rest else "main")
    routes: dict[tuple[str, str], Callable[[Hub, Request, Repository, tuple[str, ...]], Answer]] = {
        ("GET", "refs"): _refs,
        ("GET", "tree"): _tree,
        ("POST", "paths-info"): _paths_info,
        ("POST", "preupload"): _preupload,
        ("POST", "commit"): _make_commit,
        ("POST", "tag"): _tag,
    }
    route = routes.get((request.method, rest[0]))
    if route is None:
        raise Refusal(404, "no such address")
    return route(hub, request, repository, rest[1:])


def _create(hub: Hub, request: Request) -> Answer:
    _check_token(request)
    asked = request.json()
    if asked["type"] != "dataset":
        raise Refusal(400, "a dataset is expected")
    if request.headers["authorization"] != f"Bearer {TOKEN}":
        raise Refusal(403, "You don't have the rights to create a dataset under the namespace")
    name = f"{asked['organization']}/{asked['name']}"
    url = f"{hub.url}/datasets/{name}"
    if name in hub.repositories:
        return Answer({"error": "You already created this dataset repo", "url": url}, 409)
    hub.repositories[name] = new_repository(private=asked.get("visibility") == "private")
    return Answer({"url": url, "name": name})


def _info(name: str, repository: Repository, revision: str) -> Answer:
    commit = _commit(repository, revision)
    return Answer(
        {
            "_id": "0123456789abcdef01234567",
            "id": name,
            "author": name.partition("/")[0],
            "sha": commit,
            "lastModified": _DATE,
            "createdAt": _DATE,
            "private": repository.private,
            "gated": False,
            "disabled": False,
            "downloads": 0,
            "likes": 0,
            "tags": [],
            "siblings": [{"rfilename": path} for path in sorted(repository.commits[commit])],
        }
    )


def _refs(_hub: Hub, _request: Request, repository: Repository, _rest: tuple[str, ...]) -> Answer:
    def listed(kind: str, refs: dict[str, str]) -> list[dict[str, str]]:
        return [
            {"name": name, "ref": f"refs/{kind}/{name}", "targetCommit": commit}
            for name, commit in refs.items()
        ]

    return Answer(
        {
            "branches": listed("heads", repository.branches),
            "converts": [],
            "tags": listed("tags", repository.tags),
        }
    )


def _entry(path: str, blob: Blob) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": "file", "oid": blob.oid, "size": blob.size, "path": path}
    if blob.lfs is not None:
        sha256, size = blob.lfs
        entry["lfs"] = {"oid": sha256, "size": size, "pointerSize": len(blob.body)}
    return entry


def _below(files: Files, folder: str, *, recursive: bool) -> list[dict[str, Any]]:
    """List what lies below a folder: files, and the folders on the way."""
    start = f"{folder}/" if folder else ""
    entries: dict[str, dict[str, Any]] = {}
    for path, blob in files.items():
        if not path.startswith(start):
            continue
        names = path.removeprefix(start).split("/")
        for depth in range(1, len(names) if recursive else 2):
            if depth < len(names):
                inner = start + "/".join(names[:depth])
                inside = {p: b for p, b in files.items() if p.startswith(f"{inner}/")}
                oid = tree_id({p.removeprefix(f"{inner}/"): b for p, b in inside.items()})
                entries[inner] = {"type": "directory", "oid": oid, "size": 0, "path": inner}
        if recursive or len(names) == 1:
            entries[path] = _entry(path, blob)
    if folder and not entries:
        raise Refusal(404, f"{folder} does not exist", code="EntryNotFound")
    return [entries[path] for path in sorted(entries)]


def _tree(hub: Hub, request: Request, repository: Repository, rest: tuple[str, ...]) -> Answer:
    files = repository.commits[_commit(repository, rest[0])]
    recursive = request.query.get("recursive", "").lower() in ("true", "1")
    entries = _below(files, "/".join(rest[1:]), recursive=recursive)
    start = int(request.query.get("cursor", 0))
    end = start + hub.page
    headers = {}
    if end < len(entries):
        here = f"{hub.url}{request.path}?recursive={str(recursive).lower()}&cursor={end}"
        headers["Link"] = f'<{here}>; rel="next"'
    return Answer(entries[start:end], headers=headers)


def _paths_info(
    _hub: Hub, request: Request, repository: Repository, rest: tuple[str, ...]
) -> Answer:
    files = repository.commits[_commit(repository, rest[0])]
    if request.headers["content-type"].startswith("application/json"):
        paths = request.json()["paths"]
    else:
        paths = parse_qs(request.body.decode())["paths"]
    found: list[dict[str, Any]] = []
    for path in paths:
        if path in files:
            found.append(_entry(path, files[path]))
        elif any(other.startswith(f"{path}/") for other in files):
            found.append({"type": "directory", "oid": "0" * 40, "size": 0, "path": path})
    return Answer(found)


# --- uploads -----------------------------------------------------------------------------------


def _preupload(
    _hub: Hub, request: Request, repository: Repository, rest: tuple[str, ...]
) -> Answer:
    """Say of each file how it is to be sent, and what is there under its name."""
    _check_token(request, write=True)
    files = repository.commits[_commit(repository, rest[0])]
    asked = request.json()["files"]
    if len(asked) > 256:
        raise Refusal(413, "too many files")
    answers = []
    for file in asked:
        sample = base64.b64decode(file["sample"], validate=True)
        if len(sample) != min(512, file["size"]):
            raise Refusal(400, "the sample has the wrong length")
        is_large = file["path"].endswith(".parquet") or file["size"] > _REGULAR_LIMIT
        blob = files.get(file["path"])
        oid = None if blob is None else blob.lfs[0] if blob.lfs else blob.oid
        mode = "lfs" if is_large else "regular"
        answer = {"path": file["path"], "uploadMode": mode, "shouldIgnore": False}
        answers.append({**answer, "oid": oid} if oid else answer)
    return Answer({"files": answers, "commitOid": _commit(repository, rest[0])})


def _batch(hub: Hub, request: Request) -> Answer:
    """Say where each large file that is not here is to be sent."""
    _repository(hub, request, f"{request.parts[1]}/{request.parts[2].removesuffix('.git')}")
    _check_token(request, write=True)
    if request.headers["content-type"] != _LFS_TYPE or request.headers["accept"] != _LFS_TYPE:
        raise Refusal(415, f"expected {_LFS_TYPE}")
    asked = request.json()
    if asked["operation"] != "upload" or asked["hash_algo"] != "sha256":
        raise Refusal(422, "only uploads by sha256")
    if set(asked["transfers"]) != {"basic", "multipart"}:
        raise Refusal(422, "an unknown transfer")
    objects = []
    for file in asked["objects"]:
        answer: dict[str, Any] = {"oid": file["oid"], "size": file["size"], "authenticated": True}
        if not hub.storage.has(file["oid"]):
            hub.storage.allowed[file["oid"]] = file["size"]
            answer["actions"] = _upload_actions(hub, file["oid"], file["size"])
        objects.append(answer)
    return Answer({"transfer": "basic", "objects": objects})


def _upload_actions(hub: Hub, oid: str, size: int) -> dict[str, Any]:
    verify = {"href": f"{hub.url}/lfs/verify/{oid}", "header": {}}
    chunk = hub.storage.chunk
    if chunk is None or size <= chunk:
        upload: dict[str, Any] = {"href": f"{hub.store_url}/lfs/put/{oid}?signature=secret"}
    else:
        count = -(-size // chunk)
        urls = {
            f"{n:05}": f"{hub.store_url}/lfs/part/{oid}/{n}?signature=secret"
            for n in range(1, count + 1)
        }
        header = {"chunk_size": str(chunk), **urls}
        upload = {"href": f"{hub.url}/lfs/complete/{oid}", "header": header}
    return {"upload": upload, "verify": verify}


def _answer_storage(hub: Hub, request: Request) -> Answer:
    """Answer at the addresses of uploads: they are their own credential, and take no other."""
    action, oid = request.parts[1:3]
    if action == "verify":
        _check_token(request, write=True)
        if not hub.storage.has(oid) or request.json()["size"] != len(hub.storage.objects[oid]):
            raise Refusal(404, "the file did not arrive")
        return Answer({})
    if "authorization" in request.headers:
        raise Refusal(400, "only one way of authentication is allowed")
    fault, headers = None, {}
    if action == "get":
        return _range(request, hub.storage.objects[oid], {"Accept-Ranges": "bytes"})
    if action == "put":
        fault = hub.storage.put(oid, request.body)
    elif action == "part":
        headers["ETag"] = hub.storage.put_part(oid, int(request.parts[3]), request.body)
    elif action == "complete":
        asked = request.json()
        etags = [(part["partNumber"], part["etag"]) for part in asked["parts"]]
        fault = hub.storage.complete(oid, etags)
    else:
        raise Refusal(404, "no such address")
    if fault:
        raise Refusal(400, fault)
    return Answer(headers=headers)


def _make_commit(
    hub: Hub, request: Request, repository: Repository, rest: tuple[str, ...]
) -> Answer:
    _check_token(request, write=True)
    if request.headers["content-type"] != "application/x-ndjson" or rest != ("main",):
        raise Refusal(400, "expected NDJSON for main")
    header, *operations = [json.loads(line) for line in request.body.splitlines()]
    if header["key"] != "header" or not header["value"]["summary"]:
        raise Refusal(400, "expected a header with a summary")
    parent = header["value"].get("parentCommit")
    if parent is not None and parent != repository.head:
        raise Refusal(412, "A commit has happened since. Please refresh and try again.")
    if not operations:
        raise Refusal(400, "an empty commit")
    files = dict(repository.files)
    for operation in operations:
        _apply(hub, files, operation["key"], operation["value"])
    oid = repository.commit(files, header["value"]["summary"])
    url = f"{hub.url}/datasets/{'/'.join(request.parts[2:4])}/commit/{oid}"
    return Answer({"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": ""})


def _apply(hub: Hub, files: Files, key: str, value: dict[str, Any]) -> None:
    path = value["path"]
    if key == "deletedFile":
        if path not in files:
            raise Refusal(400, "A file with this name doesn't exist", code="EntryNotFound")
        del files[path]
    elif key == "lfsFile":
        if value["algo"] != "sha256" or not hub.storage.has(value["oid"]):
            raise Refusal(400, f"the large file of {path} was not uploaded")
        if len(hub.storage.objects[value["oid"]]) != value["size"]:
            raise Refusal(400, f"the size of {path} is wrong")
        files[path] = large(value["oid"], value["size"])
    elif key == "file" and value["encoding"] == "base64":
        body = base64.b64decode(value["content"], validate=True)
        if path.endswith(".parquet") or len(body) > _REGULAR_LIMIT:
            raise Refusal(400, f"{path} belongs into the storage of large files")
        files[path] = Blob(body)
    else:
        raise Refusal(400, f"an unknown operation: {key}")


def _tag(_hub: Hub, request: Request, repository: Repository, rest: tuple[str, ...]) -> Answer:
    _check_token(request, write=True)
    tag = request.json()["tag"]
    if tag in repository.tags or tag in repository.branches:
        raise Refusal(409, "Tag reference exists already.")
    repository.tags[tag] = _commit(repository, rest[0])
    return Answer({})


# --- downloads ---------------------------------------------------------------------------------


def _resolve(hub: Hub, request: Request) -> Answer:
    """Give a file. Large ones lie elsewhere: their length and name are told by a redirect."""
    repository = _repository(hub, request, "/".join(request.parts[1:3]))
    commit = _commit(repository, request.parts[4])
    path = "/".join(request.parts[5:])
    blob = repository.commits[commit].get(path)
    if blob is None:
        raise Refusal(404, "Entry not found", code="EntryNotFound", X_Repo_Commit=commit)
    headers = {"X-Repo-Commit": commit, "ETag": f'"{blob.oid}"', "Accept-Ranges": "bytes"}
    if blob.lfs is not None:
        sha256, size = blob.lfs
        headers |= {
            "X-Linked-ETag": f'"{sha256}"',
            "X-Linked-Size": str(size),
            "Location": f"{hub.store_url}/lfs/get/{sha256}?signature=secret",
        }
        return Answer(status=302, headers=headers)
    return _range(request, blob.body, headers)


def _range(request: Request, body: bytes, headers: dict[str, str]) -> Answer:
    asked = request.headers.get("range")
    if asked is None:
        return Answer(body, headers=headers)
    first, _, last = asked.removeprefix("bytes=").partition("-")
    start = int(first)
    end = min(int(last) if last else len(body) - 1, len(body) - 1)
    headers["Content-Range"] = f"bytes {start}-{end}/{len(body)}"
    return Answer(body[start : end + 1], 206, headers)
