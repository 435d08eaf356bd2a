"""Prints what pyca/cryptography reads from a certificate or a certificate request, as JSON.

Usage: read_with_pyca.py certificate|request FILE
"""

import hashlib
import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_USAGES = (
    "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign"
).split()


def utf8_string(der):
    """The text of a DER UTF8String, read strictly, or None."""
    if len(der) < 2 or der[0] != 0x0C:
        return None
    length, start = der[1], 2
    if length >= 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start], "big")
        if length < 0x80:
            return None
    return der[start:].decode() if len(der) - start == length else None


def text(value):
    """A claim's encoding and text. Raw texts never begin with the tag of a UTF8String, a form feed."""
    decoded = utf8_string(value)
    return ["raw", value.decode()] if decoded is None else ["utf8", decoded]


def name(general_name):
    """A subject alternative name: its kind and its value."""
    if isinstance(general_name, x509.UniformResourceIdentifier):
        return ["uri", general_name.value]
    if isinstance(general_name, x509.RFC822Name):
        return ["email", general_name.value]
    if isinstance(general_name, x509.OtherName):
        return [general_name.type_id.dotted_string, text(general_name.value)]
    return [type(general_name).__name__, str(general_name.value)]


def extension(holder, kind):
    """The value of an extension of this type, or None."""
    try:
        return holder.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def read(holder):
    """What certificates and requests have in common."""
    names = extension(holder, x509.SubjectAlternativeName)
    usage = extension(holder, x509.KeyUsage)
    purposes = extension(holder, x509.ExtendedKeyUsage)
    constraints = extension(holder, x509.BasicConstraints)
    point = holder.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    unrecognized = [found for found in holder.extensions if isinstance(found.value, x509.UnrecognizedExtension)]
    return {
        "subject": holder.subject.rfc4514_string(),
        "curve": holder.public_key().curve.name,
        "claims": {found.oid.dotted_string: text(found.value.value) for found in unrecognized},
        "critical": sorted(found.oid.dotted_string for found in holder.extensions if found.critical),
        "subject_alternative_names": [name(found) for found in names or []],
        "key_usage": sorted(usage_name for usage_name in KEY_USAGES if getattr(usage, usage_name, False)),
        "extended_key_usage": [purpose.dotted_string for purpose in purposes or []],
        "basic_constraints": constraints and [constraints.ca, constraints.path_length],
        # RFC 5280, section 4.2.1.2, method 1.
        "digest_of_public_key": hashlib.sha1(point).hexdigest(),
    }


def read_certificate(certificate):
    own = extension(certificate, x509.SubjectKeyIdentifier)
    issuers = extension(certificate, x509.AuthorityKeyIdentifier)
    return read(certificate) | {
        "version": certificate.version.value + 1,
        "issuer": certificate.issuer.rfc4514_string(),
        "not_before": certificate.not_valid_before_utc.isoformat(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
        "subject_key_identifier": own and own.digest.hex(),
        "authority_key_identifier": issuers and issuers.key_identifier.hex(),
    }


def main():
    kind, path = sys.argv[1:]
    with open(path, "rb") as file:
        pem = file.read()
    if kind == "certificate":
        found = read_certificate(x509.load_pem_x509_certificate(pem))
    else:
        request = x509.load_pem_x509_csr(pem)
        found = read(request) | {"signature_is_valid": request.is_signature_valid}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
