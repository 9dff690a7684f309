"""What a check before issuing finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing to mend. A warning may be issued over, anything else may not."""

    field: str
    message: str
    is_warning: bool = False
