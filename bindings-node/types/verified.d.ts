import type { Entry } from './entry.js';
import type { Statement } from './statement.js';
/** An authority of a verified path. */
export interface PathCertificate {
    /** The certificate in DER. */
    readonly der: Uint8Array;
    /** Its subject, for people. */
    readonly subject: string;
    /** The SHA-256 of its DER, in hexadecimal. */
    readonly sha256: string;
    /** Where it came from. */
    readonly origin: 'entry' | 'known_intermediate' | 'trust_anchor';
}
/** What was not asked for, and perhaps should have been. */
export type Warning = 'signer_unconstrained' | 'log_entries_not_asked' | 'signed_times_not_asked' | 'certificate_timestamps_not_asked' | 'unknown_authorities_ignored';
/**
 * What vouches for a time: `'recorded'`, the log's word and nothing else; `'timestamp_authority'`, which signed it; and, of
 * bundles alone, `'log'`, a transparency log's signed promise, or `'caller'`, nobody but the caller's own time.
 */
export type TimeVoucher = 'recorded' | 'timestamp_authority' | 'log' | 'caller';
/** A time at which the signature was there, and whose word that is. */
export interface SignedTime {
    /** When the signature was there; RFC 3339. */
    readonly time: string;
    /** What vouches for it. */
    readonly voucher: 'timestamp_authority' | 'log';
    /** Who that is: the subject of a timestamp authority's signer, or a log. */
    readonly authority: string;
}
/** An entry of a transparency log that was verified: it is in the log, and about this very signature. */
export interface VerifiedLogEntry {
    /** The log, by the origin of its checkpoint, or else by its base URL. */
    readonly log: string;
    /** The entry's index in the log, exact up to 2^53; null if nobody vouches for it. */
    readonly logIndex: number | null;
    /** The size of the tree that the log signed and that has the entry; null if the log only promised to have it. */
    readonly treeSize: number | null;
    /** When the log promised to have it, if it did; RFC 3339. */
    readonly integratedTime: string | null;
}
/** A timestamp of a certificate log in the signer's certificate that was verified: the log knows the certificate. */
export interface VerifiedCertificateTimestamp {
    /** The log, by its base URL. */
    readonly log: string;
    /** When the log was given the certificate; RFC 3339. */
    readonly time: string;
}
/**
 * What a successful verification returns, and what was established by it.
 *
 * Only a `Verifier` makes one: it cannot be constructed, extended, cloned or sent to another thread as such. As text it is
 * for people: the statements that were established, warnings, the signature, its time and the provenance.
 */
export declare class Verified {
    #private;
    private constructor();
    /** The artifact's name, of an entry; null for a message or a bundle. */
    get artifactName(): string | null;
    /** The artifact, of a bundle: its name if it was given by name, else a digest; null for an entry or a message. */
    get artifact(): string | null;
    /** The entry that was verified; null for a message or a bundle. */
    get entry(): Entry | null;
    /** Which of the entries given that is, counted from zero; null for a message or a bundle. */
    get entryIndex(): number | null;
    /**
     * The claims of the signer's certificate, name to text, with the custom claims that the policy or the provenance named.
     */
    get claims(): Readonly<Record<string, string>>;
    /** The signer's certificate in DER; empty where a key of the policy's signed. */
    get leaf(): Uint8Array;
    /** From when to when the signer's certificate was valid; RFC 3339. Null where there is none. */
    get validity(): readonly [notBefore: string, notAfter: string] | null;
    /** The authorities of the path, from the leaf's issuer to the trust anchor, which is the last; none where a key signed. */
    get path(): readonly PathCertificate[];
    /** The signature's DER. */
    get signature(): Uint8Array;
    /** When the signature was made; RFC 3339 in UTC, to the nanosecond. */
    get timestamp(): string;
    /** What vouches for the time: a timestamp authority or a log, if one signed it. */
    get timeVoucher(): TimeVoucher;
    /** The times that somebody signed, if any did. Each lies inside the validity of the certificates. */
    get times(): readonly SignedTime[];
    /**
     * The name of the instance that was believed: a trusted root's, or `'own'` for the verifier's own anchors; null for an entry or
     * a message.
     */
    get instance(): string | null;
    /** The in-toto statement that was signed, of whose subjects one is the artifact; null if none was. */
    get statement(): Statement | null;
    /** The entries of transparency logs that were verified, in the bundle's order. */
    get logEntries(): readonly VerifiedLogEntry[];
    /** The timestamps of certificate logs in the signer's certificate that were verified. */
    get certificateTimestamps(): readonly VerifiedCertificateTimestamp[];
    /** Whether a key of the policy's signed, and no certificate: then there are no claims. */
    get isOfKey(): boolean;
    /** The name of the policy's key that signed, if one did and has a name. */
    get keyName(): string | null;
    /**
     * What was not asked for, and perhaps should have been: `'signer_unconstrained'` if the policy requires no claim, so that
     * anyone whom the issuer vouches for would have done; of bundles, what the policy does without.
     */
    get warnings(): readonly Warning[];
    /** The result for logs and dashboards: what `JSON.stringify` writes. */
    toJSON(): Record<string, unknown>;
    /** The result for people. */
    toString(): string;
}
