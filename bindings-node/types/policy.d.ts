/** The name of a claim that a policy may require: one of the table, or the dotted OID of a custom claim. */
export type ClaimName = 'certificate_identity' | 'build_config_name' | 'build_signer_uri' | 'build_signer_digest' | 'runner_environment' | 'source_repository' | 'source_repository_digest' | 'source_repository_ref' | 'source_repository_identifier' | 'source_repository_owner' | 'source_repository_owner_identifier' | 'build_config_uri' | 'build_config_digest' | 'build_trigger' | 'run_invocation_uri' | 'source_repository_visibility' | 'deployment_environment' | 'token_subject' | `${number}.${string}`;
/** Matches if the value is one of these texts, exactly. */
export interface AnyOf {
    readonly anyOf: readonly string[];
}
/**
 * Matches by a pattern that is anchored at both ends.
 *
 * `*` matches any run within a segment, never `/`; `**` may stand only as the whole last segment and matches all that
 * follows. Everything else is literal.
 */
export interface Glob {
    readonly glob: string;
}
/** What is wanted of a claim: exactly this text, one of several, or a pattern. */
export type Wanted = string | AnyOf | Glob;
/** The claims that are required. */
export type WantedClaims = {
    readonly [Name in ClaimName]?: Wanted;
};
/** What a `SignerPolicy` is made of. */
export interface SignerPolicyOptions {
    /** The identity provider that must have vouched for the signer. */
    readonly certificateOidcIssuer: string;
    /**
     * The required claims: name to what is wanted. An issuer such as GitHub's speaks for everybody who uses GitHub: require
     * at least a `source_repository`.
     */
    readonly claims?: WantedClaims | undefined;
    /** How many seconds a leaf may be valid: 300 unless given, and at most 86,400. */
    readonly maxCertificateLifetimeSeconds?: number | undefined;
}
/** How far one revoked entry reaches. */
export type RevocationScope = 'artifact' | 'entry' | 'digest';
/** What a `Policy` is made of. */
export interface PolicyOptions extends SignerPolicyOptions {
    /** Selects the entries that count. No signature covers it, so it authenticates nothing. */
    readonly namespace: string;
    /**
     * `'artifact'` (one revoked entry of the name fails it; the default), `'entry'` (revoked entries do not count) or `'digest'`
     * (an entry that is revoked or blocklisted under any name with this digest fails it; give those of the other names too).
     */
    readonly revocationScope?: RevocationScope | undefined;
    /**
     * What must vouch for the signing time: `'recorded'`, the log's word (the default), or `'timestamp_authority'`: an entry
     * counts only with a good signed timestamp, by an authority that the verifier knows.
     */
    readonly timeVoucher?: 'recorded' | 'timestamp_authority' | undefined;
    /** Artifact names, and digests as `sha256:` and 64 lowercase hex digits. */
    readonly blocklist?: Iterable<string> | undefined;
}
/**
 * What is asked of the signer: the identity provider, the claims, how long the certificate may live.
 *
 * `verifyMessage` takes it alone; a `Policy` has one as `signer`. Throws a `MalformedInputError` for an unknown claim or
 * a value out of range.
 */
export declare class SignerPolicy {
    #private;
    /** Makes a policy for messages; a `Policy` has one as `signer`. */
    constructor(signerPolicy: SignerPolicyOptions);
    /** The identity provider that must have vouched for the signer. */
    get certificateOidcIssuer(): string;
    /** The required claims: name to what is wanted. */
    get claims(): WantedClaims;
    /** How many seconds a leaf may be valid. */
    get maxCertificateLifetimeSeconds(): number;
    /** Whether anyone whom the issuer vouches for would do. */
    get isUnconstrained(): boolean;
    /** The members by the names that JSON has for them, without those that have their defaults. */
    toJSON(): Record<string, unknown>;
}
/**
 * What the caller expects of the record and of the signer. It is made once and used for many artifacts.
 *
 * Throws a `MalformedInputError` if a part is malformed, and for a member that there is not.
 */
export declare class Policy {
    #private;
    /** Makes a policy; a policy as JSON is read by `fromJson`. */
    constructor(policy: PolicyOptions);
    /**
     * Reads a policy from JSON.
     *
     * Null, a repeated or unknown member and an unknown claim throw a `MalformedInputError`, so that a policy cannot say
     * less than its author believes.
     */
    static fromJson(data: string | Uint8Array): Policy;
    /** The namespace whose entries count. */
    get namespace(): string;
    /** The identity provider that must have vouched for the signer. */
    get certificateOidcIssuer(): string;
    /** The required claims: name to what is wanted. */
    get claims(): WantedClaims;
    /** How many seconds a leaf may be valid. */
    get maxCertificateLifetimeSeconds(): number;
    /** How far one revoked entry reaches. */
    get revocationScope(): RevocationScope;
    /** What must vouch for the signing time. */
    get timeVoucher(): 'recorded' | 'timestamp_authority';
    /** The blocklist's items, in order: names, then digests. */
    get blocklist(): readonly string[];
    /** What is asked of the signer, for `verifyMessage`. */
    get signer(): SignerPolicy;
    /** The policy as `fromJson` reads it, without members that have their defaults: what `JSON.stringify` writes. */
    toJSON(): Record<string, unknown>;
}
