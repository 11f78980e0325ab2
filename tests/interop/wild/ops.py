# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of all operations."""

from base import OPS
import ops_custom  # noqa: F401
import ops_dense  # noqa: F401
import ops_image  # noqa: F401
import ops_more  # noqa: F401
import ops_point  # noqa: F401
import ops_sequence  # noqa: F401
import ops_shape  # noqa: F401

__all__ = ["OPS"]
