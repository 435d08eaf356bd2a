import type { Statement } from './statement.js';
import type { SignedTime, VerifiedCertificateTimestamp, VerifiedLogEntry, Warning } from './verified.js';
/**
 * An envelope whose signature was verified, by `Verifier.verifyEnvelope`: who signed this payload, and when. It says nothing about
 * any artifact; whoever reads the payload decides what it is about.
 */
export declare class VerifiedEnvelope {
    #private;
    private constructor();
    /** What the payload says it is. */
    get payloadType(): string;
    /** The payload, byte for byte as it was signed. */
    get payload(): Uint8Array;
    /** The payload as an in-toto statement; null if it is none. */
    get statement(): Statement | null;
    /** The claims of the signer's certificate, name to text, with the custom claims that the policy named. */
    get claims(): Readonly<Record<string, string>>;
    /** The signer's certificate in DER; empty where a key of the policy's signed. */
    get leaf(): Uint8Array;
    /** The name of the policy's key that signed, if one did and has a name. */
    get keyName(): string | null;
    /** The name of the instance that was believed. */
    get instance(): string;
    /** The times that somebody signed, the earliest first. */
    get times(): readonly SignedTime[];
    /** The entries of transparency logs that were verified, in the bundle's order. */
    get logEntries(): readonly VerifiedLogEntry[];
    /** The timestamps of certificate logs in the signer's certificate that were verified. */
    get certificateTimestamps(): readonly VerifiedCertificateTimestamp[];
    /** What was not asked for, and perhaps should have been. */
    get warnings(): readonly Warning[];
    /** The result for logs and dashboards, without the payload: what `JSON.stringify` writes. */
    toJSON(): Record<string, unknown>;
}
