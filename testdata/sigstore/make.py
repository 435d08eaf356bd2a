"""Makes `messages.json` of published Sigstore bundles: `python make.py FOLDER CASE...`, with pyca/cryptography.

FOLDER has a `manifest.json` that lists cases with their files; each CASE is one whose bundle signs a file's bytes.
"""

import base64
import json
import sys
from datetime import datetime, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID

ARC = "1.3.6.1.4.1.57264.1."


def pem(der: bytes) -> str:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode()


def claims(leaf: x509.Certificate) -> dict[str, str]:
    """The texts of the arc's extensions: raw up to .6, DER UTF8Strings (shorter than 64 KiB) beyond."""
    found = {}
    for extension in leaf.extensions:
        oid = extension.oid.dotted_string
        if oid.startswith(ARC) and isinstance(extension.value, x509.UnrecognizedExtension):
            value = extension.value.value
            if int(oid.removeprefix(ARC)) > 6:
                assert value[0] == 0x0C
                value = value[2:] if value[1] < 0x80 else value[2 + (value[1] & 0x7F) :]
            found[oid] = value.decode()
    return found


def case(folder: Path, entry: dict) -> dict:
    bundle = json.loads((folder / entry["bundle"]).read_text())
    material = bundle["verificationMaterial"]
    chain = material.get("x509CertificateChain", {}).get("certificates") or [material["certificate"]]
    leaf = x509.load_der_x509_certificate(base64.b64decode(chain[0]["rawBytes"]))
    [name] = leaf.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    authorities = json.loads((folder / entry["trusted_root"]).read_text())["certificateAuthorities"]
    issuing = [
        base64.b64decode(certificate["rawBytes"])
        for authority in authorities
        for certificate in authority["certChain"]["certificates"][:-1]
    ]
    seconds = int(material["tlogEntries"][0]["integratedTime"])
    return {
        "id": entry["id"],
        "source": entry["source"],
        "certificate": leaf.public_bytes(Encoding.PEM).decode(),
        "intermediates": "".join(map(pem, issuing)),
        "timestamp": datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "message": base64.b64encode((folder / entry["artifact"]).read_bytes()).decode(),
        "signature": bundle["messageSignature"]["signature"],
        "identity": name.value,
        "claims": claims(leaf),
    }


folder, wanted = Path(sys.argv[1]), sys.argv[2:]
manifest = {entry["id"]: entry for entry in json.loads((folder / "manifest.json").read_text())}
[root] = {manifest[id]["trusted_root"] for id in wanted}
authorities = json.loads((folder / root).read_text())["certificateAuthorities"]
anchors = [base64.b64decode(authority["certChain"]["certificates"][-1]["rawBytes"]) for authority in authorities]
document = {
    "trust_anchors": "".join(map(pem, anchors)),
    "max_certificate_lifetime_seconds": 600,
    "cases": [case(folder, manifest[id]) for id in wanted],
}
target = Path(__file__).with_name("messages.json")
target.write_text(json.dumps(document, indent=1) + "\n")
