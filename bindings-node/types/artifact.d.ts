/** Digests of an artifact, in hexadecimal or as bytes; at least one. */
export interface ArtifactDigests {
    /** Its SHA-256. */
    readonly sha256?: string | Uint8Array | undefined;
    /** Its SHA-384. */
    readonly sha384?: string | Uint8Array | undefined;
    /** Its SHA-512. */
    readonly sha512?: string | Uint8Array | undefined;
}
/** Every digest of an artifact, in hexadecimal. */
export interface EveryDigest extends ArtifactDigests {
    /** Its SHA-256. */
    readonly sha256: string;
    /** Its SHA-384. */
    readonly sha384: string;
    /** Its SHA-512. */
    readonly sha512: string;
}
/**
 * What was signed: its bytes, digests of it, or an artifact name (`image@sha256:…`), which stands for the digest in it.
 *
 * With the bytes everything can be verified. A signature is over the digest of its key's algorithm, a statement may know the
 * artifact by another, and Ed25519 over a file needs the bytes: what lacks is `artifact_mismatch`.
 */
export type Artifact = Uint8Array | ArtifactDigests | string;
/**
 * An artifact that comes in pieces: a `Readable`, a `ReadableStream`, or another async iterable of `Uint8Array`. It is read to its
 * end and never held as a whole: all three digests are made of it.
 */
export type ArtifactStream = AsyncIterable<Uint8Array>;
/**
 * The digests of an artifact that comes in pieces, in hexadecimal: to verify it later, or by several bundles.
 *
 * The promise is rejected with what the stream is rejected with, and with a `MalformedInputError` if a piece is no `Uint8Array`, or
 * the stream was read before.
 */
export declare function digestArtifact(artifact: ArtifactStream): Promise<EveryDigest>;
