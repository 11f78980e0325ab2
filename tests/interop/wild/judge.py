# SPDX-License-Identifier: GPL-3.0-or-later
"""Says of every answer whether it is right by the real frameworks, refused, or wrong: judge.py WORK SEED...

Kinds of fault, the most dangerous first: false green (ties out, proved, equal: and it is not), wrong numbers, false alarm (differs,
unequal: and it is not), crash. A comparison whose truth the real frameworks do not settle is doubtful and counted apart.
"""

import collections
import json
import pathlib
import sys

from answers import Answers
from truth import Truth

OPEN = pathlib.Path(__file__).with_name("open")  # seeds that meet a known fault, a line each: the seed and what is wrong
FEW_DOUBTFUL = 0.06  # of all seeds
FEW_REFUSED = 0.85  # a tool that refuses everything is right and useless


def judge(work, seed):
    """[(check, result, what)]: result is right, refused, marked, doubtful or one of the kinds of fault."""
    folder = work / seed
    truth = Truth(folder, int(seed))
    if truth.unmade:
        return [("make", "doubtful", truth.unmade)], truth
    return Answers(folder, truth).all(), truth


def command(folder, check):
    path = folder / f"{check.split(':')[0]}.json"
    return "tieout " + " ".join(json.loads(path.read_text())["arguments"]) if path.exists() else "-"


def main():
    work, tally, failed = pathlib.Path(sys.argv[1]), collections.Counter(), []
    told = dict(line.split(None, 1) for line in OPEN.read_text().splitlines() if line and not line.startswith("#"))
    seeds = sys.argv[2:]
    if "--told" in seeds:  # a fresh seed is reported and fails nothing
        told[seeds.pop(seeds.index("--told") + 1)] = "a fresh seed"
        seeds.remove("--told")
        seeds += [seed for seed, reason in told.items() if reason == "a fresh seed"]
    for seed in seeds:
        results, truth = judge(work, seed)
        for check, result, what in results:
            tally[result] += 1
            tally[f"{check.split(':')[0]} {result}"] += 1
            if result in ("right", "refused", "marked"):
                continue
            if result == "doubtful":
                print(f"doubtful, seed {seed}, {check}: {what}")
                continue
            if seed not in told:
                failed.append(seed)
            print(f"{'FAIL' if seed not in told else 'OPEN (' + told[seed] + ')'} {result}, seed {seed}, {check}: {what}\n    drawn: {truth.pair.text()}\n    {command(work / seed, check)}   (in {work / seed})")
    checks = ("run-a", "run-b", "compare", "compare-x", "compare-self", "map", "to-keras", "to-torch")
    for check in checks:
        print(f"{check}: " + ", ".join(f"{n} {key.split(' ', 1)[1]}" for key, n in sorted(tally.items()) if key.split(" ")[0] == check))
    faults = sum(n for key, n in tally.items() if key in ("false green", "wrong", "false alarm", "crash"))
    print(f"right or refused: {tally['right']} right, {tally['refused']} refused, {tally['marked']} marked, "
          f"{tally['doubtful']} doubtful, {faults} failed ({tally['false green']} false green) over {len(seeds)} seeds, {len(set(failed))} of them new")
    given = tally["right"] + tally["refused"] + tally["marked"]
    if tally["doubtful"] > FEW_DOUBTFUL * given or tally["refused"] > FEW_REFUSED * given:
        print("too much is doubtful or refused: this judges nothing")
        return 1
    return 1 if failed or not tally["right"] else 0


if __name__ == "__main__":
    sys.exit(main())
