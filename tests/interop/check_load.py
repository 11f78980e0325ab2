# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens what `tieout convert` wrote with the real framework and runs it: check_load.py torch|keras2|keras3 WORK

Leaves <file>.<environment>.npz with "output", or <file>.<environment>.error with the framework's words.
"""

import pathlib
import sys

import numpy as np


def torch_output(path, x):
    """Only a state dict that fits strictly, and opened in torch's safe mode, is accepted."""
    import torch

    state = torch.load(str(path), weights_only=True)
    model = torch.load(str(path.parent / "other.pt"), weights_only=False)
    model.load_state_dict(state, strict=True)
    with torch.no_grad():
        return model.eval()(torch.from_numpy(x)).numpy()


def keras_output(path, x):
    import keras

    import keras_side

    keras.backend.clear_session()
    return list(keras_side.trace(keras.models.load_model(str(path)), x).values())[-1]


def main():
    env, work = sys.argv[1], pathlib.Path(sys.argv[2])
    names = ("to-torch.pt", "to-state.pt") if env == "torch" else ("to-keras.h5", "state-to-keras.h5")
    output = torch_output if env == "torch" else keras_output
    for path in sorted(path for name in names for path in work.glob(f"*/{name}")):
        try:
            np.savez(f"{path}.{env}.npz", output=output(path, np.load(path.parent / "x.npy")))
        except Exception as error:
            pathlib.Path(f"{path}.{env}.error").write_text(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
