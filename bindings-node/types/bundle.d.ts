import { MalformedInputError } from './errors.js';
import type { UnverifiedStatement } from './statement.js';
/** What cosign's classic form keeps in a layer of an image's signatures, and in its annotations. */
export interface CosignParts {
    /** The signature in base64 (`dev.cosignproject.cosign/signature`) over the layer; or else there is an envelope. */
    readonly signature?: string | undefined;
    /** The envelope (DSSE) that is the layer of an attestation; or else there is a signature. */
    readonly envelope?: string | Uint8Array | undefined;
    /** The signer's certificate in PEM (`dev.sigstore.cosign/certificate`); absent if a key signed. */
    readonly certificate?: string | undefined;
    /** The certificates above it in PEM (`dev.sigstore.cosign/chain`). */
    readonly chain?: string | undefined;
    /** The log's entry as JSON (`dev.sigstore.cosign/bundle`). */
    readonly rekorBundle?: string | undefined;
    /** The signed timestamp as JSON (`dev.sigstore.cosign/rfc3161timestamp`). */
    readonly timestamp?: string | undefined;
}
/**
 * One signing, with what vouches for it: a signature over an artifact or over an envelope, by whom, entries of logs and signed
 * timestamps. Well-formed, and nothing of it verified.
 */
export declare class Bundle {
    #private;
    private constructor();
    /**
     * Reads one Sigstore bundle of version 0.1, 0.2 or 0.3, GitHub's among them.
     *
     * Throws a `MalformedInputError` for an unknown or repeated member, another media type, and whatever else the format forbids.
     */
    static fromJson(data: string | Uint8Array): Bundle;
    /** Reads one attestation of PyPI (PEP 740). */
    static fromPep740(data: string | Uint8Array): Bundle;
    /**
     * Reads what `cosign sign-blob --bundle` and `cosign attest-blob --bundle` wrote before there were Sigstore bundles, or one
     * line of `cosign download signature`.
     */
    static fromCosign(data: string | Uint8Array): Bundle;
    /**
     * Reads cosign's classic form from the parts in which a registry keeps it. Of a signature, the artifact to verify it with is
     * the layer; `simpleSigning` tells which image that names.
     */
    static fromCosignParts(parts: CosignParts): Bundle;
    /** The version of the format that it is read as: `'0.1'`, `'0.2'` or `'0.3'`. */
    get version(): string;
    /** The certificates in DER that it brings, the signer's first; none if it hints at a key. */
    get certificates(): readonly Uint8Array[];
    /** The hint at the signer's key, which may be empty; null if there is a certificate. */
    get keyHint(): string | null;
    /** Whether an envelope is signed, and not the artifact itself. */
    get hasEnvelope(): boolean;
    /** How many log entries it brings. */
    get logEntryCount(): number;
    /** How many signed timestamps it brings. */
    get timestampCount(): number;
    /**
     * The in-toto statement in its envelope, of which nothing is verified; null if it has no envelope, or one with another payload.
     *
     * Throws a `MalformedInputError` if the payload should be a statement and cannot be read as one.
     */
    statement(): UnverifiedStatement | null;
}
/** The image that a payload of cosign's simple signing names. Nothing of it is verified. */
export interface SimpleSigning {
    /** The digest of the image's manifest: `sha256:` and 64 hex digits. */
    readonly imageDigest: string;
    /** The reference that the image was signed under; it may be empty. */
    readonly dockerReference: string;
}
/** Reads a payload of cosign's simple signing: the layer that is the artifact of its bundle. */
export declare function simpleSigning(payload: string | Uint8Array): SimpleSigning;
/**
 * Reads bundles in whatever form they come, told apart by the members: a Sigstore bundle or JSON Lines of them, an attestation or
 * a provenance of PyPI, the npm registry's attestations, or one of cosign's older forms.
 */
export declare function bundlesFrom(data: string | Uint8Array): Bundle[];
/**
 * Reads the bundles of JSON Lines, one a line, as `gh attestation download` writes them; one bad bundle fails the call.
 *
 * Throws a `MalformedInputError` for the first bad bundle; its `record` tells which.
 */
export declare function bundlesFromJsonLines(data: string | Uint8Array): Bundle[];
/**
 * The same with a result per bundle, in their order, so that one bad bundle does not hide the others.
 *
 * A `MalformedInputError` in the array was not thrown and has no stack. A thousand are told; if there are more, the last says
 * that reading stopped there.
 */
export declare function readBundles(data: string | Uint8Array): (Bundle | MalformedInputError)[];
/** One attestation of the npm registry. */
export interface NpmAttestation {
    /** The predicate type that the registry names. The statement names the same; nothing of either is verified. */
    readonly predicateType: string;
    /** The bundle. */
    readonly bundle: Bundle;
}
/**
 * Reads the attestations that the npm registry answers with for a package, usually two: that of the registry itself, by its key,
 * and the provenance, by whoever built it. Each is a bundle to be verified; a caller who wants both must demand both.
 */
export declare function bundlesFromNpm(data: string | Uint8Array): NpmAttestation[];
/** The attestations that one publisher gave for a distribution. */
export interface PypiAttestations {
    /**
     * The publisher, which is what the index claims and nothing vouches for; null if it names none. Whoever is trusted to publish
     * is the caller's to say, and not to be taken from here.
     */
    readonly unverifiedPublisher: unknown;
    /** The attestations. */
    readonly bundles: readonly Bundle[];
}
/** Reads what PyPI has of a distribution's provenance (PEP 740). */
export declare function bundlesFromPypiProvenance(data: string | Uint8Array): PypiAttestations[];
