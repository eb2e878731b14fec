"""Arrays inside records: int32, and how msgspec writes and reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Int32Array = NDArray[np.int32]


def encode_array(value: Any) -> Any:
    """Turn an int32 array into a list, for msgspec (enc_hook)."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise NotImplementedError(f"{type(value).__name__} does not stand in a record")


def decode_array(kind: type, value: Any) -> Any:
    """Turn a list of integers into an int32 array, for msgspec (dec_hook)."""
    if kind is np.ndarray or getattr(kind, "__origin__", None) is np.ndarray:
        return np.asarray(value, dtype=np.int32)
    raise NotImplementedError(f"{kind} does not stand in a record")
