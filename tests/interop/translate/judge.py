# SPDX-License-Identifier: GPL-3.0-or-later
"""Says of every conversion whether it is right by the real frameworks, refused, or wrong: judge.py WORK SEED... [--told SEED]"""

import collections
import json
import pathlib
import re
import sys

import numpy as np

from twinless import ONE_GENERATION, document, drawn, targets

LIMIT, DEEP = 1e-5, 1e-4
LIBRARY = ("vector::", "bad_alloc", "stoi", "basic_string", "std::", "what():", "terminate called", "_M_")


def scaled(a, b):
    if a.shape != b.shape:
        return np.inf
    far = np.abs(a.astype(np.float64) - b.astype(np.float64)).max(initial=0) / max(1.0, np.abs(b.astype(np.float64)).max(initial=0))
    return float(far) if np.isfinite(far) else np.inf


def distance(made, wanted):
    """Of an output from the source's, which may have its channels elsewhere."""
    ways = [made] if made.ndim < 3 else [made, np.moveaxis(made, -1, 1), np.moveaxis(made, 1, -1)]
    return min(scaled(way, wanted) for way in ways)


class Judge:
    def __init__(self, folder, seed):
        self.folder, self.pair = folder, drawn(int(seed))
        graph = self.pair.torch_graph
        deep = len(graph.weighted()) > 8 or any(n.op in ("recurrent", "attention") for n in graph.computed())
        self.limit = DEEP if deep else LIMIT

    def outputs(self, file):
        kept = np.load(self.folder / file)
        return [kept[f"y{i}"] for i in range(len(kept.files))]

    def judge(self, name, out):
        answer = document(self.folder, name)
        if answer is None:
            return "not asked", ""
        words = answer["messages"].strip()
        if answer["exit"] not in (0, 1, 2) or any(part in words for part in LIBRARY):
            return "crash", f"exit {answer['exit']}: {words[:300]}"
        if answer["exit"] == 2:
            return self.refused(words, out)
        found = json.loads(answer["output"])
        if found["result"] == "failed":
            return "wrong", f"what was written failed its proof: {json.dumps(found)[:400]}"
        envs = ("torch",) if out.endswith(".pt") else ("keras2", "keras3")
        for env in envs:
            error = self.folder / f"{name}.{env}.error"
            if error.exists() and self.is_of_other_generation(name, env):
                continue
            if error.exists():
                return "wrong", f"{env} does not take it: {error.read_text()[:400]}"
            if not (self.folder / f"{name}.{env}.npz").exists():
                return "wrong", f"{env} left nothing"
            far = max(distance(made, wanted) for made, wanted in zip(self.outputs(f"{name}.{env}.npz"), self.outputs(f"out_{name[0]}.npz"), strict=True))
            if not far <= self.limit:
                return "wrong", f"{env} computes something else: {far:.1e} ({found['result']})"
        if found["result"] != "proved":
            return "unproved", f"{found['result']}: {found.get('warnings')} {found.get('proof')}"
        return self.there_and_back(name, found)

    def is_of_other_generation(self, name, env):
        """What only one generation of Keras has is written for that one: operators between layers, layers written anew as they were."""
        rare = any(node.op in ONE_GENERATION for node in self.pair.torch_graph.computed())
        return env == "keras2" if rare else name == "b-keras" and env in ("keras2", "keras3") and env != self.pair.writer

    def refused(self, words, out):
        if (self.folder / out).exists():
            return "wrong", f"refused, and the target is there: {words[:200]}"
        if not re.search(r"expected|found|is expected|cannot", words):
            return "wrong", f"refused without a reason: {words[:200]}"
        return "refused", words

    def there_and_back(self, name, found):
        """Bit for bit the same where every rule is bijective."""
        if name not in ("a-back",):
            return "right", ""
        proofs = [json.loads(document(self.folder, other)["output"])["proof"] for other in ("a-h5", "a-back")]
        if not all(proof and proof.get("inverse") for proof in proofs):
            return "right", ""
        back = [found_.tobytes() for found_ in self.state_back()]
        source = np.load(self.folder / "state_a.npz")
        for key in source.files:
            is_computed = "parametrizations" in key or key.endswith(("_g", "_v", "_orig"))  # others are: the file holds the weight
            if source[key].dtype.kind == "f" and not is_computed and source[key].tobytes() not in back:
                return "wrong", f"{key} did not come back bit for bit"
        return "right", ""

    def state_back(self):
        import torch
        return [tensor.numpy() for tensor in torch.load(self.folder / "a2k2t.pt", weights_only=True).values()]


def main():
    arguments = sys.argv[2:]
    told = []
    if "--told" in arguments:
        at = arguments.index("--told")
        told = arguments[at + 1:]
        arguments = arguments[:at]
    work, tally, failed, reasons = pathlib.Path(sys.argv[1]), collections.Counter(), [], collections.Counter()
    for seed in arguments:
        folder = work / seed
        if any(not (folder / f"{side}.json").exists() or "error" in json.loads((folder / f"{side}.json").read_text()) for side in "ab"):
            tally["unmade"] += 1
            continue
        judge = Judge(folder, seed)
        for name, _, out, _ in targets(folder):
            result, what = judge.judge(name, out)
            tally[result] += 1
            tally[f"{name} {result}"] += 1
            if result == "refused":
                reasons[what[:160]] += 1
            if result in ("wrong", "crash", "unproved"):
                if result != "unproved" and seed not in told:
                    failed.append(seed)
                print(f"{'FRESH' if seed in told else 'FAIL' if result != 'unproved' else 'TOLD'} {result}, seed {seed}, {name}: {what}\n    drawn: {judge.pair.text()}\n    tieout {' '.join(document(folder, name)['arguments'])}   (in {folder})")
    if "--reasons" in sys.argv:
        for what, count in reasons.most_common():
            print(f"{count} refused: {what}")
    for name in sorted({key.split(" ")[0] for key in tally if " " in key}):
        print(f"{name}: " + ", ".join(f"{n} {key.split(' ', 1)[1]}" for key, n in sorted(tally.items()) if key.split(" ")[0] == name and " " in key))
    print(f"without a twin: {tally['right']} right, {tally['refused']} refused, {tally['unproved']} unproved, {tally['unmade']} not made, "
          f"{tally['wrong'] + tally['crash']} failed over {len(arguments)} seeds")
    return 1 if failed or not tally["right"] else 0


if __name__ == "__main__":
    sys.exit(main())
