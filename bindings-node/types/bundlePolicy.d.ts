import type { Wanted, WantedClaims } from './policy.js';
/** What every policy for bundles may demand, whoever signed. */
export interface KeyDemands {
    /** The name of the only instance that may judge: a trusted root's, or `'own'` for the verifier's own anchors. */
    readonly instance?: string | undefined;
    /** How many independent log entries are needed: 0 to 32, 1 unless given. 0 is a warning in the result. */
    readonly logEntries?: number | undefined;
    /** How many independent signed times, of logs or timestamp authorities: 0 to 32, 1 unless given. 0 is a warning. */
    readonly signedTimes?: number | undefined;
    /** The predicate type that the statement must have. A message has none. */
    readonly predicateType?: string | undefined;
    /** The name of the statement's subject that is the artifact: `pkg:npm/%40scope/name@1.0.0`. A message has no subjects. */
    readonly subjectName?: string | undefined;
    /** Artifact names, and digests as `sha256:`, `sha384:` or `sha512:` and lowercase hex digits. */
    readonly blocklist?: Iterable<string> | undefined;
    /**
     * Passes over log entries and timestamps of unknown logs and authorities, which never count, where else they refuse the bundle.
     */
    readonly ignoreUnknownAuthorities?: boolean | undefined;
}
/** What a policy may demand of a bundle that somebody signed with a certificate. */
export interface BundleDemands extends KeyDemands {
    /** The required claims: name to what is wanted. */
    readonly claims?: WantedClaims | undefined;
    /** How many seconds a leaf may be valid: 600 unless given, and at most 34,560,000. */
    readonly maxCertificateLifetimeSeconds?: number | undefined;
    /** How many independent certificate timestamps (SCTs) are needed: 0 to 32, 1 unless given. 0 is a warning. */
    readonly certificateTimestamps?: number | undefined;
}
/** What a `BundlePolicy` is made of. */
export interface BundlePolicyOptions extends BundleDemands {
    /** The identity provider that must have vouched for the signer. */
    readonly certificateOidcIssuer?: string | undefined;
    /** Says that certificates name no issuer, as those of a plain private authority; one that names any is refused. */
    readonly noCertificateOidcIssuer?: boolean | undefined;
    /** Says that anyone whom the issuer vouches for will do; otherwise a policy without claims about the signer is refused. */
    readonly anySignerOfIssuer?: boolean | undefined;
}
/** What a policy for what GitHub built may demand beside the repository. */
export interface GithubDemands extends BundleDemands {
    /** The enterprise, if its tokens have an issuer of their own: `https://token.actions.githubusercontent.com/ENTERPRISE`. */
    readonly enterprise?: string | undefined;
}
/**
 * What the caller expects of a bundle that somebody signed with a certificate: of the signer, of what vouches beside the
 * signature, and of what is said. It is made once and used for many bundles.
 *
 * It says who may have signed, or in so many words that anyone may whom the identity provider vouches for. Throws a
 * `MalformedInputError` if a part is malformed, and for a member that there is not.
 */
export declare class BundlePolicy {
    #private;
    /** Makes a policy; a policy as JSON is read by `fromJson`. */
    constructor(policy: BundlePolicyOptions);
    /** Reads a policy from JSON. Null, a repeated or unknown member and an unknown claim throw a `MalformedInputError`. */
    static fromJson(data: string | Uint8Array): BundlePolicy;
    /**
     * A policy for what this identity signed, as Sigstore's public instance has it. An identity of GitHub Actions is a workflow,
     * `https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1`, and of people an e-mail address.
     */
    static forSigstore(identity: Wanted, certificateOidcIssuer: string, more?: BundleDemands): BundlePolicy;
    /**
     * A policy for what GitHub Actions built from this repository, `owner/name`, by whichever workflow.
     *
     * GitHub has an instance of its own, without any log, for repositories that are not public. An instance with neither logs nor
     * certificate logs must give one signed timestamp; any other one log entry, one signed time and one certificate timestamp.
     */
    static forGithub(repository: string, more?: GithubDemands): BundlePolicy;
    /**
     * A policy for an asset of a release of this repository, `owner/name`, which GitHub itself attests: the statement has the
     * artifact, and a subject for the release.
     */
    static forGithubRelease(repository: string, more?: BundleDemands): BundlePolicy;
    /**
     * A policy for a distribution of PyPI, a wheel or source archive by its file name, that this publisher attests.
     *
     * The statement must have one subject, by the same file name once both are parsed, and with the artifact's SHA-256.
     */
    static forPypi(publisher: PypiPublisher, fileName: string, more?: BundleDemands): BundlePolicy;
    /**
     * The same policy, which also demands that what was signed is an attestation of PyPI about this distribution, a wheel or source
     * archive by its file name: what `forPypi` demands beside the publisher.
     */
    withPypiDistribution(fileName: string): BundlePolicy;
    /** The identity provider that must have vouched for the signer; null if the certificate must name none. */
    get certificateOidcIssuer(): string | null;
    /** The required claims: name to what is wanted. Those of a `PypiPublisher` may also demand how claims go together. */
    get claims(): WantedClaims;
    /** How many seconds a leaf may be valid. */
    get maxCertificateLifetimeSeconds(): number;
    /** The name of the only instance that may judge; null if any may. */
    get instance(): string | null;
    /** How many independent log entries are needed; null if the kind of instance decides. */
    get logEntries(): number | null;
    /** How many independent signed times are needed; null if the kind of instance decides. */
    get signedTimes(): number | null;
    /** How many independent certificate timestamps are needed; null if the kind of instance decides. */
    get certificateTimestamps(): number | null;
    /** The predicate types of which the statement must have one; none if any will do. */
    get predicateTypes(): readonly string[];
    /** The name of the subject that must be the artifact; null if none is asked for. */
    get subjectName(): string | null;
    /** The blocklist's items, in order. */
    get blocklist(): readonly string[];
    /** Whether items of unknown logs and authorities are passed over. */
    get ignoresUnknownAuthorities(): boolean;
    /** Whether anyone whom the issuer vouches for would do. */
    get isUnconstrained(): boolean;
    /**
     * The policy as `fromJson` reads it, without members that have their defaults: what `JSON.stringify` writes.
     *
     * Throws a `MalformedInputError` for what the makers for GitHub and PyPI made: these demand what JSON cannot say.
     */
    toJSON(): Record<string, unknown>;
}
/**
 * Who may publish a project of PyPI, as its owner told PyPI and as the caller knows it: what an index says of a file's publisher
 * proves nothing.
 *
 * What a publisher has beside these, an environment, say, is a claim to demand.
 */
export declare class PypiPublisher {
    #private;
    private constructor();
    /** A workflow of GitHub Actions: `owner/name` of the repository, and the workflow's file name, such as `release.yml`. */
    static github(repository: string, workflow: string): PypiPublisher;
    /** A pipeline of GitLab: `group/name` of the project, and the path of the pipeline's file, such as `.gitlab-ci.yml`. */
    static gitlab(repository: string, workflowFilepath: string): PypiPublisher;
    /** A service account of Google Cloud, by its e-mail address. */
    static google(email: string): PypiPublisher;
    /** A pipeline of CircleCI, by the IDs (UUIDs) of its project and of the pipeline's definition. */
    static circleci(projectId: string, pipelineDefinitionId: string): PypiPublisher;
}
