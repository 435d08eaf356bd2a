"""Verifies keyless artifact signatures, offline.

``Verifier.verify`` returns a ``Verified`` or raises ``Rejected``: the exception is the answer to an artifact
that is not to be trusted, so that code which forgets to look at a result lets nothing through.
"""

from ._countermark import (
    CODES,
    AnyOf,
    CheckOutcome,
    Code,
    Entry,
    Glob,
    Log,
    PathCertificate,
    Policy,
    Report,
    SignerPolicy,
    Verified,
    Verifier,
    __version__,
    entries_from_json,
    read_entries,
)
from ._errors import CountermarkError, MalformedInput, Rejected

__all__ = [
    "CODES",
    "AnyOf",
    "CheckOutcome",
    "Code",
    "CountermarkError",
    "Entry",
    "Glob",
    "Log",
    "MalformedInput",
    "PathCertificate",
    "Policy",
    "Rejected",
    "Report",
    "SignerPolicy",
    "Verified",
    "Verifier",
    "__version__",
    "entries_from_json",
    "read_entries",
]
