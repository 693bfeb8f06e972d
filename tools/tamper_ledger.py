#!/usr/bin/env python3
"""Alters a sound ledger bundle in a thousand seeded ways and says which of them the verifier did not notice.

    python3 tamper_ledger.py BUNDLE [--times N] [--seed N]

Exit codes: 0 all were noticed, 1 some were not.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

from verify_ledger import Broken, header_digest, sha256, verify


def sealed(lines):
    """Lines with a seal that fits, as somebody would write them who knows how."""
    body = "".join(line + "\n" for line in lines).encode()
    return body + b'{"sha256":"' + sha256(body).hex().encode() + b'"}\n'


def flipped(data, dice):
    """One byte becomes another."""
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ dice.randrange(1, 256)]) + data[at + 1 :]


def removed(lines, dice):
    at = dice.randrange(len(lines))
    return lines[:at] + lines[at + 1 :]


def moved(lines, dice):
    one, other = dice.sample(range(1, len(lines)), 2)
    lines = list(lines)
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def hidden(lines, dice):
    """An event of the record is passed off as one of another record; the chain still fits."""
    events = [at for at, line in enumerate(lines) if '"event":' in line]
    at = dice.choice(events)
    line = json.loads(lines[at])
    lines = list(lines)
    lines[at] = json.dumps({"p": line["p"], "at": line["at"], "header": header_digest(line["event"]).hex()})
    return lines


def reworded(lines, dice):
    """A word, a number or a salt of one event is another."""
    events = [at for at, line in enumerate(lines) if '"event":' in line]
    at = dice.choice(events)
    line = json.loads(lines[at])
    what = dice.choice(["actor", "decided_at", "event_type", "rules", "core", "text", "at"])
    if what in ("core", "text"):
        if line[what]["json"] is None:
            what = "core"
        line[what]["json"] = line[what]["json"][:-1] + ',"more":1}'
    elif what == "at":
        line["at"] += 1
    elif what == "decided_at":
        line["event"][what] -= 60_000
    elif what == "actor":
        line["event"][what] = "00000000-0000-0000-0000-00000000000f"
    else:
        line["event"][what] += "x"
    lines = list(lines)
    lines[at] = json.dumps(line)
    return lines


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("bundle", type=Path)
    ask.add_argument("--times", type=int, default=1000)
    ask.add_argument("--seed", type=int, default=1)
    asked = ask.parse_args()
    verify(asked.bundle)
    dice = random.Random(asked.seed)
    ledger = (asked.bundle / "ledger.jsonl").read_bytes()
    lines = ledger.decode().splitlines()[:-1]
    files = sorted((asked.bundle / "files").iterdir()) if (asked.bundle / "files").is_dir() else []
    unnoticed = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "bundle"
        shutil.copytree(asked.bundle, copy)
        for number in range(asked.times):
            way = dice.choice(["flip", "file", "remove", "move", "hide", "reword"])
            target, whole = copy / "ledger.jsonl", ledger
            if way == "file" and files:
                target = copy / "files" / dice.choice(files).name
                whole = target.read_bytes()
                altered = flipped(whole, dice)
            elif way in ("flip", "file"):
                altered = flipped(ledger, dice)
            else:
                change = {"remove": removed, "move": moved, "hide": hidden, "reword": reworded}[way]
                altered = sealed(change(lines, dice))
            target.write_bytes(altered)
            try:
                verify(copy)
                unnoticed.append((number, way))
            except Broken:
                pass
            target.write_bytes(whole)
    print(f"{asked.times - len(unnoticed)} of {asked.times} alterations noticed")
    for number, way in unnoticed:
        print(f"not noticed: {number} ({way})")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
