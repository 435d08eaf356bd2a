import type { Certificates, PublicKey, ValidFor } from './inputs.js';
/**
 * What one Sigstore instance is trusted for: authorities that certify signers, authorities that sign timestamps, logs and
 * certificate logs, each with the period in which it counts. They belong together: a verifier never mixes those of two
 * instances.
 *
 * How the file got here, and whether it is the right one, is the caller's to know.
 */
export declare class TrustedRoot {
    #private;
    private constructor();
    /**
     * Reads a trusted root (`trusted_root.json`) of version 0.1 or 0.2.
     *
     * Throws a `MalformedInputError` if it is malformed, incomplete, or has nothing in it.
     */
    static fromJson(data: string | Uint8Array): TrustedRoot;
    /** How many authorities certify signers. */
    get certificateAuthorityCount(): number;
    /** How many authorities sign timestamps. */
    get timestampAuthorityCount(): number;
    /** How many logs there are; one that is listed more than once is one. */
    get logCount(): number;
    /** How many certificate logs there are; one that is listed more than once is one. */
    get certificateLogCount(): number;
    /** The root for people. */
    toString(): string;
}
/**
 * Reads trusted roots from JSON Lines, as `gh attestation trusted-root` writes them: one root a line, each an instance of its
 * own.
 */
export declare function trustedRootsFromJsonLines(data: string | Uint8Array): TrustedRoot[];
/** What a `TimestampAuthority` is made of. */
export interface TimestampAuthorityOptions {
    /**
     * Its certificates, text (PEM) or bytes (DER): the signer's first, and the one to trust last, be it self-signed or not. What
     * a timestamp itself brings is never looked at.
     */
    readonly chain: Certificates;
    /** When its timestamps count. */
    readonly validFor: ValidFor;
}
/**
 * An authority that signs timestamps (RFC 3161).
 *
 * Throws a `MalformedInputError` if there are fewer than two certificates, the first is not for time stamping alone, or one of
 * the others is no authority's.
 */
export declare class TimestampAuthority {
    #private;
    /** Makes an authority of its certificates and the period in which its timestamps count. */
    constructor(authority: TimestampAuthorityOptions);
    /** Its certificates in DER, the signer's first. */
    get certificates(): readonly Uint8Array[];
    /** When its timestamps count. */
    get validFor(): ValidFor;
}
/** What a `LogKey` is made of. */
export interface LogKeyOptions {
    /** Where the log is: `https://rekor.sigstore.dev`. It tells the log in results; of Rekor v2 its host is the log's name. */
    readonly baseUrl: string;
    /** The key: text (PEM) or bytes (the DER of a `SubjectPublicKeyInfo`). */
    readonly publicKey: PublicKey;
    /** When the key counts. */
    readonly validFor: ValidFor;
    /** Who operates the log. Of logs of one operator, one alone counts where several are demanded. */
    readonly operator?: string | undefined;
}
/**
 * The key of a transparency log or of a certificate log, and when it counts. Rekor's two versions sign different things, so it
 * must be told which one a log is of.
 *
 * Each maker throws a `MalformedInputError` if the key is not sound, or of a kind that the package does not verify.
 */
export declare class LogKey {
    #private;
    private constructor();
    /** The key of a log of Rekor's first version. */
    static rekorV1(log: LogKeyOptions): LogKey;
    /** The key of a log of Rekor's second version. */
    static rekorV2(log: LogKeyOptions): LogKey;
    /** The key of a certificate log (RFC 6962), which signs certificates' timestamps. */
    static certificateLog(log: LogKeyOptions): LogKey;
    /** The log's ID, 32 bytes. */
    get id(): Uint8Array;
    /** Where the log is, as it was given. */
    get baseUrl(): string;
    /** Who operates the log; null if that was not told. */
    get operator(): string | null;
    /** The key: the DER of a `SubjectPublicKeyInfo`. */
    get publicKey(): Uint8Array;
    /** When the key counts. */
    get validFor(): ValidFor;
}
