# SPDX-License-Identifier: GPL-3.0-or-later
"""judge.py WORK GOOD TRAINED TIEOUT [--table FILE] [NUMBER...]: asks `tieout compare` why each pair differs, and judges the answer.

Of a pair with a fault the cause must be told, proved, of the layer that has it; no other layer may be accused of a named cause. Good pairs
and pairs that were merely trained differently may be accused of nothing by name.
"""

import collections
import json
import pathlib
import subprocess
import sys

from pairs import NETS, cases

UNNAMED = ("weights-differ", "softmax-missing")


def ask(tieout, folder):
    other = next(folder.glob("b.*"))
    done = subprocess.run([tieout, "compare", str(folder / "a.pt"), str(other), "--random", "0", "--json", "--quiet"], capture_output=True, text=True, timeout=120)
    return json.loads(done.stdout) if done.stdout.strip() else {"verdict": "no answer: " + done.stderr[-200:], "causes": []}


def position(net, name, place):
    """Whether a Keras layer's name is that of the network's layer, or of its own activation."""
    index = next(i for i, (known, _, _) in enumerate(NETS[net][1]) if known == name)
    return place in (f"layer_{index}", f"layer_{index}_act")


def near(net, name, cause):
    """What is missing on the right is told by the left's name, of which nothing is asked here."""
    return not cause["right"] or position(net, name, cause["right"])


def judged(net, faults, what, answer):
    told = answer["causes"]
    named = [c for c in told if c["id"] not in UNNAMED]
    if what != "fault":
        problems = [f"accused of {c['id']} at {c['right']}" for c in named]
        wanted = "ties-out" if what == "good" else "differs"
        return problems + ([f"verdict {answer['verdict']}"] if answer["verdict"] != wanted else [])
    problems = []
    for f in faults:
        same = [c for c in told if c["id"] == f["cause"] and (c["proved"] or f["cause"] == "nan")]
        loose = f.get("drop") or f.get("put") or f.get("settings", {}).get("act", "") is None
        if not same:
            problems.append(f"{f['cause']} is not told as proved")
        elif not loose and not any(near(net, f["layer"], c) or (f.get("swap") and near(net, f["swap"], c)) for c in same):
            problems.append(f"{f['cause']} is told of {[c['right'] for c in same]}")
    causes = {f["cause"] for f in faults}
    # ties are told: what does the same to these weights is no other accusation
    for c in named:
        if c["id"] not in causes and not any(near(net, f["layer"], c) for f in faults):
            problems.append(f"accused of {c['id']} at {c['right']} as well")
    return problems


def main():
    work, good, trained, tieout = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    rest = sys.argv[5:]
    table = rest[rest.index("--table") + 1] if "--table" in rest else None
    only = {int(a) for a in rest if a.isdigit()}
    confusion, failed, asked = collections.defaultdict(collections.Counter), 0, 0
    for number, net, _, faults, what in cases(good, trained):
        if only and number not in only or not (work / str(number)).is_dir():
            continue
        answer = ask(tieout, work / str(number))
        problems = judged(net, faults, what, answer)
        made = " + ".join(f["cause"] for f in faults) or what
        said = sorted({c["id"] + ("" if c["proved"] else "?") for c in answer["causes"] if c["id"] != "softmax-missing"}) or ["nothing"]
        confusion[made][" + ".join(said)] += 1
        asked += 1
        if problems:
            failed += 1
            print(f"{number} {net} {made} {[f['layer'] for f in faults]}: {'; '.join(problems)}; verdict {answer['verdict']}; "
                  f"told {[(c['id'], c['left'], c['right'], c['proved'], c['text']) for c in answer['causes']][:4]}")
    lines = ["| fault made | cause said |", "|---|---|"]
    for made in sorted(confusion):
        lines.append(f"| {made} | " + "; ".join(f"{said} ({count})" for said, count in sorted(confusion[made].items())) + " |")
    print("\n".join(lines))
    if table:
        pathlib.Path(table).write_text("\n".join(lines) + "\n")
    print(f"causes: {asked} pairs, {failed} judged wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
