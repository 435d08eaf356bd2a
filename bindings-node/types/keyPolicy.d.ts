import type { BundlePolicy, KeyDemands } from './bundlePolicy.js';
import type { PublicKey, ValidFor } from './inputs.js';
/** A key that may have signed. */
export interface PolicyKey {
    /** The key: text (PEM), or bytes (the DER of a `SubjectPublicKeyInfo`). */
    readonly publicKey: PublicKey;
    /** A bundle's hint selects among the named keys of a policy; a key without name is tried whatever the hint. */
    readonly name?: string | undefined;
    /** When it signs; a signature of another time is refused. */
    readonly validFor?: ValidFor | undefined;
}
/** What a `KeyPolicy` is made of. */
export interface KeyPolicyOptions extends KeyDemands {
    /** The keys, one of which must have signed. */
    readonly keys: Iterable<PolicyKey>;
}
/** A key of a `KeyPolicy`. */
export interface KnownKey {
    /** The key: the DER of a `SubjectPublicKeyInfo`. */
    readonly publicKey: Uint8Array;
    /** Its name; null if it has none. */
    readonly name: string | null;
    /** When it signs; null if that is not limited. */
    readonly validFor: ValidFor | null;
}
/**
 * What the caller expects of a bundle that one of these keys signed, without a certificate: of what vouches beside the
 * signature, and of what is said.
 *
 * Throws a `MalformedInputError` if there is no key, one cannot be used, or a part is malformed.
 */
export declare class KeyPolicy {
    #private;
    /** Makes a policy; a policy as JSON is read by `fromJson`. */
    constructor(policy: KeyPolicyOptions);
    /** Reads a policy from JSON. Null and a repeated or unknown member throw a `MalformedInputError`. */
    static fromJson(data: string | Uint8Array): KeyPolicy;
    /**
     * A policy for what the npm registry attests itself: its keys `npm:attestations`, with their names and periods.
     *
     * The document is `registry.npmjs.org/keys.json`, a target of Sigstore's TUF repository; who fetched it has verified it.
     */
    static fromNpmKeys(data: string | Uint8Array, more?: KeyDemands): KeyPolicy;
    /** The keys, in the order given. */
    get keys(): readonly KnownKey[];
    /** The name of the only instance that may judge; null if any may. */
    get instance(): string | null;
    /** How many independent log entries are needed. */
    get logEntries(): number | null;
    /** How many independent signed times are needed. */
    get signedTimes(): number | null;
    /** The predicate types of which the statement must have one; none if any will do. */
    get predicateTypes(): readonly string[];
    /** The name of the subject that must be the artifact; null if none is asked for. */
    get subjectName(): string | null;
    /** The blocklist's items, in order. */
    get blocklist(): readonly string[];
    /** Whether items of unknown logs and authorities are passed over. */
    get ignoresUnknownAuthorities(): boolean;
    /** The policy as `fromJson` reads it, without members that have their defaults: what `JSON.stringify` writes. */
    toJSON(): Record<string, unknown>;
}
/** A policy for bundles: for signers with certificates, or for keys that the caller names. */
export type AnyBundlePolicy = BundlePolicy | KeyPolicy;
