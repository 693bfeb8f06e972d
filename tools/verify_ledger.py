#!/usr/bin/env python3
"""Checks a ledger bundle of a Xiaoan platform without the platform: Python 3.8 or newer and nothing else.

    python3 verify_ledger.py BUNDLE [--head CHAIN] [--seal DIGEST] [--print]

BUNDLE is the folder that `xiaoan ledger export` wrote. --head is the chain as a paper of the platform, or the platform
above it, shows it for the bundle's newest position; --seal is what the command said when it wrote the bundle. Without
either, whoever made the whole bundle up cannot be told from the platform. Exit codes: 0 it adds up, 1 it does not,
2 wrong usage.
"""

import argparse
import hashlib
import json
import sys
import uuid
from pathlib import Path

FORMAT = "xiaoan-ledger/1"
SHA256_ONLY = 1


class Broken(Exception):
    """Something does not add up."""


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def need(holds, words):
    if not holds:
        raise Broken(words)


def part_digest(name, part):
    """The digest of a part: its name, its salt, its bytes."""
    return sha256(name, b"\0", bytes.fromhex(part["salt"]), part["json"].encode())


def header_digest(event):
    """The digest of an event's header, from its fields."""
    number = lambda name, size: event[name].to_bytes(size, "big", signed=name == "decided_at")
    ident = lambda name: uuid.UUID(event[name]).bytes
    text = lambda name: event[name].encode()
    digest = lambda name: bytes.fromhex(event[name] or "")
    fields = [
        ident("event_id"), ident("node"), number("epoch", 4), number("sequence", 8), text("stream_kind"),
        ident("stream_id"), number("stream_version", 8), text("event_type"), number("type_version", 2),
        ident("unit_id"), text("unit_path"), ident("actor"), text("actor_kind"), ident("cause"),
        ident("command_id"), text("rules"), number("decided_at", 8), digest("core_digest"),
        digest("text_digest"), digest("personal_digest"), number("algorithm", 8),
    ]
    return sha256(b"xiaoan/header/1", *(len(field).to_bytes(4, "big") + field for field in fields))


def check_parts(line):
    event = line["event"]
    need(event["algorithm"] == SHA256_ONLY, f"position {line['p']}: a hash algorithm that is unknown here")
    gone = []
    for name in ("core", "text"):
        part, digest = line[name], event[name + "_digest"]
        if digest is None:
            need(part["json"] is None, f"position {line['p']}: a part {name} that the header does not know")
        elif part["json"] is None:
            gone.append(name)
        else:
            found = part_digest(name.encode(), part).hex()
            need(found == digest, f"position {line['p']}: the part {name} was altered")
    return gone


def check_seal(data):
    """The lines without the last, which is their digest."""
    body, mark, last = data.rstrip(b"\n").rpartition(b"\n")
    body += mark
    seal = sha256(body).hex()
    need(data == body + b'{"sha256":"' + seal.encode() + b'"}\n', "the seal does not fit: a line was altered")
    return body.decode().splitlines(), seal


def walk(lines, head):
    """Every position in order, each link from the one before; the events of the records, and what was erased."""
    known = {record["id"]: record for record in head["records"]}
    position, chain = head["start"]["position"], bytes.fromhex(head["start"]["chain"])
    versions, events, erased = {}, [], []
    for line in lines:
        position += 1
        need(line["p"] == position, f"position {position} is missing, or not where it belongs")
        if "event" in line:
            event = line["event"]
            need(event["stream_id"] in known, f"position {position}: an event of a record that is not named")
            version = versions.get(event["stream_id"], 0) + 1
            need(event["stream_version"] == version, f"position {position}: event {version} of its record is missing")
            versions[event["stream_id"]] = version
            erased += [(position, name) for name in check_parts(line)]
            header = header_digest(event)
            events.append(line)
        else:
            header = bytes.fromhex(line["header"])
        recorded = line["at"].to_bytes(8, "big", signed=True)
        chain = sha256(b"local", chain, position.to_bytes(8, "big"), recorded, header)
    need(position == head["head"]["position"], "the newest lines are missing")
    need(chain.hex() == head["head"]["chain"], "the chain does not lead to its end: a line was altered, removed or moved")
    for ident, record in known.items():
        need(versions.get(ident, 0) == record["events"], f"events of the record {ident} are missing")
    return events, erased


def check_files(bundle, named):
    """Each file is there and what its name says, and no other."""
    files = bundle / "files"
    there = {path.name for path in files.iterdir()} if files.is_dir() else set()
    need(there == set(named), f"files that are missing or too many: {', '.join(sorted(there ^ set(named)))}")
    for name in named:
        need(hashlib.sha256((files / name).read_bytes()).hexdigest() == name, f"the file {name} was altered")


def verify(bundle, head_chain=None, seal=None):
    """What the bundle holds, or Broken."""
    try:
        lines, found = check_seal((bundle / "ledger.jsonl").read_bytes())
        need(seal is None or seal == found, "the seal is not the one that was told")
        head, *rest, last = [json.loads(line) for line in lines]
        need(head["format"] == FORMAT, "a form of bundle that is unknown here")
        events, erased = walk(rest, head)
        told = head_chain is None or head["head"]["chain"].startswith(head_chain)
        need(told, "the chain ends otherwise than was told")
        check_files(bundle, last["files"])
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, OSError) as error:
        raise Broken(f"it cannot be read: {error!r}") from error
    return head, events, erased, found


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("bundle", type=Path)
    ask.add_argument("--head", help="the chain at the newest position, from elsewhere")
    ask.add_argument("--seal", help="the digest of all lines, from elsewhere")
    ask.add_argument("--print", action="store_true", dest="show", help="show the events")
    asked = ask.parse_args()
    if asked.head is not None:
        # Papers show the chain in groups, or its beginning alone.
        asked.head = "".join(asked.head.split()).lower()
        if len(asked.head) < 16 or set(asked.head) - set("0123456789abcdef"):
            ask.error("--head takes the chain as it was written down, at least its first 16 digits")
    try:
        head, events, erased, seal = verify(asked.bundle, asked.head, asked.seal)
    except Broken as broken:
        print(f"NOT SOUND: {broken}")
        return 1
    end = head["head"]
    print(f"sound: {len(events)} events of {len(head['records'])} records, up to position {end['position']}")
    print(f"chain there: {end['chain']}\nseal: {seal}")
    if head["demonstration"]:
        print("demonstration data 演示数据")
    for position, name in erased:
        print(f"position {position}: the part {name} was erased; its digest is in the chain")
    if asked.head is None and asked.seal is None:
        print("neither head nor seal was compared with one that came another way")
    if asked.show:
        for line in events:
            print(json.dumps(line, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
