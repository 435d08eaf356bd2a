import type { Entry } from './entry.js';
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
export type Warning = 'signer_unconstrained';
/**
 * What a successful verification returns, and what was established by it.
 *
 * Only a `Verifier` makes one: it cannot be constructed, extended, cloned or sent to another thread as such. As text it is
 * for people: the statements that were established, warnings, the signature, its time and the provenance.
 */
export declare class Verified {
    #private;
    private constructor();
    /** The artifact's name; null for a message. */
    get artifactName(): string | null;
    /** The entry that was verified; null for a message. */
    get entry(): Entry | null;
    /** Which of the entries given that is, counted from zero; null for a message. */
    get entryIndex(): number | null;
    /**
     * The claims of the signer's certificate, name to text, with the custom claims that the policy or the provenance named.
     */
    get claims(): Readonly<Record<string, string>>;
    /** The signer's certificate in DER. */
    get leaf(): Uint8Array;
    /** From when to when the signer's certificate was valid; RFC 3339. */
    get validity(): readonly [notBefore: string, notAfter: string] | null;
    /** The authorities of the path, from the leaf's issuer to the trust anchor, which is the last. */
    get path(): readonly PathCertificate[];
    /** The signature's DER. */
    get signature(): Uint8Array;
    /** When the signature was made; RFC 3339 in UTC, to the nanosecond. */
    get timestamp(): string;
    /** What vouches for that time: `'recorded'`, the log's word and nothing else. */
    get timeVoucher(): 'recorded';
    /**
     * What was not asked for, and perhaps should have been: `'signer_unconstrained'` if the policy requires no claim, so that
     * anyone whom the issuer vouches for would have done.
     */
    get warnings(): readonly Warning[];
    /** The result for logs and dashboards: what `JSON.stringify` writes. */
    toJSON(): Record<string, unknown>;
    /** The result for people. */
    toString(): string;
}
