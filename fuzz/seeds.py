"""Writes seeds/TARGET/: the test data, in the pieces that each target takes."""

import base64
import json
import re
from pathlib import Path

HERE = Path(__file__).parent
TESTDATA = HERE.parent / "testdata"
BLOCK = re.compile("-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)


def write(target: str, seeds: set[bytes]) -> None:
    directory = HERE / "seeds" / target
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.iterdir():
        old.unlink()
    for number, seed in enumerate(sorted(seeds)):
        (directory / f"{number:03}").write_bytes(seed)


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def certificates(pem: str) -> list[bytes]:
    return [base64.b64decode(block) for block in BLOCK.findall(pem)]


def length_of_value(der: bytes) -> int:
    """How many bytes the first DER value takes, tag and length included."""
    if der[1] < 0x80:
        return 2 + der[1]
    count = der[1] & 0x7F
    return 2 + count + int.from_bytes(der[2 : 2 + count], "big")


def signed_part(certificate: bytes) -> bytes:
    content = certificate[length_of_value(certificate) - int.from_bytes(certificate[2:4], "big") :]
    return content[: length_of_value(content)]


def endor_labs(entry: dict) -> dict:
    spec = {name: entry[name] for name in ("artifact_name", "signature", "certificate", "timestamp", "revoked")}
    spec["artifact_digest"] = entry["artifact_name"].rpartition("@")[2]
    spec["provenance"] = entry.get("provenance", {})
    return {"uuid": "1", "tenant_meta": {"namespace": entry["namespace"]}, "spec": spec}


vectors = [json.loads(path.read_text()) for path in sorted((TESTDATA / "vectors").glob("*.json"))]
entries = [entry for vector in vectors for entry in vector["entries"]]
read = [entry for entry in entries if isinstance(entry.get("certificate"), str)]
whole = [entry for entry in read if {"signature", "timestamp", "revoked"} <= entry.keys()]
texts = {entry["certificate"] for entry in read} | {vector["trust_anchors"] for vector in vectors}
ders = {der for text in texts for der in certificates(text) if len(der) > 256 and der[1] == 0x82}
messages = json.loads((TESTDATA / "sigstore" / "messages.json").read_text())
ders |= {der for case in messages["cases"] for der in certificates(case["certificate"]) if der[1] == 0x82}

write(
    "entries",
    {compact(vector["entries"]) for vector in vectors}
    | {compact(entry) for entry in entries}
    | {b"\n".join(compact(entry) for entry in vector["entries"]) for vector in vectors},
)
write(
    "endor_labs",
    {compact(endor_labs(entry)) for entry in whole}
    | {compact({"list": {"objects": [endor_labs(entry) for entry in whole[:3]], "response": {"next_page_token": 0}}})},
)
write("policy", {compact(vector["policy"]) for vector in vectors})
write("artifact_name", {vector["artifact_name"].encode() for vector in vectors})
write("anchors", {text.encode() for text in texts})
write(
    "certificate",
    {bytes([kind]) + der for der in ders for kind in (0, 3, 6)}
    | {bytes([kind]) + signed_part(der) for der in ders for kind in (1, 4, 7)},
)

sigstore = TESTDATA / "sigstore"
manifest = json.loads((sigstore / "manifest.json").read_text())
bundles = {(sigstore / case["bundle"]).read_bytes() for case in manifest if "bundle" in case}
attestations = {
    (sigstore / case[form][name]).read_bytes()
    for case in manifest
    for form in ("pep740", "npm")
    for name in ("attestation", "attestations", "provenance")
    if isinstance((case.get(form) or {}).get(name), str)
}


def members(json_text: bytes) -> dict:
    try:
        return json.loads(json_text)
    except ValueError:
        return {}


envelopes = [members(bundle).get("dsseEnvelope") for bundle in bundles]
payloads = {base64.b64decode(envelope["payload"]) for envelope in envelopes if envelope}
write("bundle", bundles | attestations | {b"\n".join(sorted(bundles)[:3])})
write("trusted_root", {(sigstore / case["trusted_root"]).read_bytes() for case in manifest})
write("statement", payloads)
