import type { Artifact, ArtifactStream } from './artifact.js';
import type { Bundle } from './bundle.js';
import type { BundleReport } from './bundleReport.js';
import type { Certificates, Instant } from './inputs.js';
import type { AnyBundlePolicy } from './keyPolicy.js';
import type { Entry } from './entry.js';
import { MalformedInputError, RejectedError } from './errors.js';
import type { Policy, SignerPolicy } from './policy.js';
import type { Report } from './report.js';
import type { LogKey, TimestampAuthority, TrustedRoot } from './trust.js';
import type { Verified } from './verified.js';
import type { VerifiedEnvelope } from './verifiedEnvelope.js';
/**
 * An algorithm by which an authority may have signed a certificate, or whoever signed a bundle what it holds. RSA keys have 2,048 to 8,192 bits; PSS has the same digest
 * throughout and a salt of its length.
 *
 * A package that was built in pure Rust knows only the first four.
 */
export type SignatureAlgorithm = 'ecdsa_p256_sha256' | 'ecdsa_p256_sha384' | 'ecdsa_p384_sha256' | 'ecdsa_p384_sha384' | 'ecdsa_p521_sha256' | 'ecdsa_p521_sha384' | 'ecdsa_p521_sha512' | 'ed25519' | 'rsa_pkcs1_sha256' | 'rsa_pkcs1_sha384' | 'rsa_pkcs1_sha512' | 'rsa_pss_sha256' | 'rsa_pss_sha384' | 'rsa_pss_sha512';
/** What a `Verifier` is made of. */
export interface VerifierOptions {
    /**
     * The CA certificates that are trusted: text (PEM, one or more) or bytes (DER). They may be absent where there are
     * `trustedRoots`: then the verifier believes no entry of a log.
     */
    readonly trustAnchors?: Certificates | undefined;
    /** Known intermediate certificates, for records that bring only their leaf. They are not trusted for being known. */
    readonly intermediates?: Certificates | undefined;
    /**
     * SHA-256 digests, bytes or hexadecimal, of certificates or of public keys (`SubjectPublicKeyInfo`, DER) through which no
     * path may go.
     */
    readonly distrusted?: Iterable<string | Uint8Array> | undefined;
    /**
     * The algorithms by which authorities may have signed: ECDSA on P-256 and P-384 with SHA-256 and SHA-384 unless given, and
     * what is given replaces those. Others make sense only where a company's root has such a key.
     */
    readonly acceptedAlgorithms?: Iterable<SignatureAlgorithm> | undefined;
    /** The authorities whose signed timestamps count, beside the anchors: those of entries, and of bundles. */
    readonly timestampAuthorities?: Iterable<TimestampAuthority> | undefined;
    /** The transparency logs that are believed when bundles are judged under the anchors: the instance `'own'`. */
    readonly logs?: Iterable<LogKey> | undefined;
    /** The certificate logs that are believed when bundles are judged under the anchors: the instance `'own'`. */
    readonly certificateLogs?: Iterable<LogKey> | undefined;
    /**
     * Trusted roots for bundles, each an instance by its name, in this order. Each judges a bundle alone, and entries do not see
     * them: no public signer gets into a private log.
     */
    readonly trustedRoots?: Readonly<Record<string, TrustedRoot>> | undefined;
}
/** What may be said with a verification. */
export interface VerifyOptions {
    /** The caller's time: an entry that was signed after it is refused. */
    readonly now?: Instant | undefined;
    /**
     * By how many seconds an entry may be signed after `now` all the same, because the log's clock and the caller's are two: a
     * number from 0 (the default) to 86,400, with a fraction or without. It is for `now` alone, and loosens no other time.
     */
    readonly leewaySeconds?: number | undefined;
}
/** What may be said with many verifications. */
export interface VerifyManyOptions extends VerifyOptions {
    /**
     * Called now and then, and at the end, with the number of requests done and the number of all. What it throws, or what the
     * promise that it returns is rejected with, ends the call.
     */
    readonly progress?: ((done: number, of: number) => unknown) | undefined;
}
/** One of many verifications: what `verify` takes. */
export interface Request {
    /** The artifact's name: `image@sha256:` and 64 hex digits. */
    readonly name: string;
    /** Every entry of the artifact that there is. */
    readonly entries: Iterable<Entry>;
    /** What is expected. */
    readonly policy: Policy;
}
/** One of many verifications of bundles: what `verifyBundles` takes, but for streams. */
export interface BundleRequest {
    /** What was signed: bytes, digests or a name. Of a stream, `digestArtifact` makes digests. */
    readonly artifact: Artifact;
    /** Its bundles, any of which will do. */
    readonly bundles: Iterable<Bundle>;
    /** What is expected. */
    readonly policy: AnyBundlePolicy;
}
/** A message, or its digest, and its signature. */
export interface SignedMessage {
    /** The message. */
    readonly message?: Uint8Array | undefined;
    /**
     * Its SHA-256 (32 bytes), if it is too large to hold. **Whoever hashed it must have looked that it is no artifact name.**
     */
    readonly sha256?: Uint8Array | undefined;
    /** The signature: bytes (DER) or text (base64). */
    readonly signature: string | Uint8Array;
    /** The certificates, the leaf first: text (PEM), or bytes (DER). */
    readonly certificate: Certificates;
    /** When the signature was made; nothing vouches for it but the caller. */
    readonly timestamp: Instant;
    /** What is asked of the signer. Namespace, revocation and blocklist are questions about records. */
    readonly policy: SignerPolicy;
    /** Says that anyone whom the issuer vouches for will do; otherwise a policy that requires no claim is refused. */
    readonly anySignerOfIssuer?: boolean | undefined;
}
/**
 * Verifies artifacts against what it trusts. It does no I/O and has no clock, and no answer depends on the calls before: all
 * that it remembers is which of its own authorities are known to have signed which of the intermediates that it was given.
 *
 * Throws a `MalformedInputError` if an anchor is no certificate authority or its key cannot be used.
 */
export declare class Verifier {
    #private;
    /** Makes a verifier. It is made once and used for many artifacts. */
    constructor(settings: VerifierOptions);
    /**
     * A verifier for bundles that trusts one trusted root, as the instance `'trusted_root'`, and nobody else. It knows no entries of
     * logs.
     */
    static fromTrustedRoot(root: TrustedRoot): Verifier;
    /**
     * Verifies an artifact by the entries of its log, off the event loop: those of other artifacts and tenants do not matter.
     *
     * Give every entry of the artifact that there is: a revocation that is left out cannot be seen. `name` is `image@sha256:`
     * and 64 hex digits.
     *
     * The promise is rejected with a `RejectedError` if the artifact is not to be trusted, and with a `MalformedInputError` if
     * the question cannot be put. Await it: a promise is no verdict.
     */
    verify(name: string, entries: Iterable<Entry>, policy: Policy, options?: VerifyOptions): Promise<Verified>;
    /** The same on this thread: returns what `verify` promises, and throws what its promise is rejected with. */
    verifySync(name: string, entries: Iterable<Entry>, policy: Policy, options?: VerifyOptions): Verified;
    /** Runs every check on the same input, on this thread, and reports on all of them; a refused artifact throws nothing. */
    examine(name: string, entries: Iterable<Entry>, policy: Policy, options?: VerifyOptions): Report;
    /**
     * **Look at every item's type:** only `result instanceof Verified` is a yes. The promise is not rejected for an artifact that
     * is refused: such an item is a `RejectedError`, and one whose request is malformed (a name that is none, say) a
     * `MalformedInputError`, with its index in `request`. All three are objects and so truthy; neither error was thrown, and
     * neither has a stack.
     *
     * Verifies many artifacts on all cores, off the event loop, and promises a result for each request, in their order. No
     * request keeps another from being judged. The promise is rejected if `requests` is no iterable or an option is malformed,
     * and with what the caller's own code throws.
     *
     * Requests may share their entries, as one array or `Log`: these are held once. Each request reads all of them, so where a
     * log is large, give each artifact's own (`Log.find`).
     */
    verifyMany(requests: Iterable<Request>, options?: VerifyManyOptions): Promise<(Verified | RejectedError | MalformedInputError)[]>;
    /**
     * Verifies the signature over a message that is no artifact name, off the event loop: a file, a DSSE envelope's encoding.
     *
     * The promise is rejected with a `RejectedError` if the signature is not to be trusted, and with a `MalformedInputError` if
     * the question cannot be put. The message is copied first.
     */
    verifyMessage(signed: SignedMessage, options?: VerifyOptions): Promise<Verified>;
    /** The same on this thread: returns what `verifyMessage` promises, and throws what its promise is rejected with. */
    verifyMessageSync(signed: SignedMessage, options?: VerifyOptions): Verified;
    /**
     * Verifies an artifact by a bundle, off the event loop: each instance that the verifier trusts judges it alone, and the first
     * under which every rule is passed is the answer.
     *
     * The artifact is bytes (which are copied first), digests, a name, or a stream, which is read to its end and whose pieces are
     * digested as they come. A stream that fails rejects the promise with its own error; one that was read before, or gives
     * something else than `Uint8Array`s, with a `MalformedInputError`. Then nothing is verified, and the stream is destroyed.
     *
     * The promise is rejected with a `RejectedError` if the artifact is not to be trusted, and with a `MalformedInputError` if
     * the question cannot be put. Await it: a promise is no verdict.
     */
    verifyBundle(artifact: Artifact | ArtifactStream, bundle: Bundle, policy: AnyBundlePolicy, options?: VerifyOptions): Promise<Verified>;
    /** The same on this thread, but for streams: returns what `verifyBundle` promises, and throws what its promise is rejected with. */
    verifyBundleSync(artifact: Artifact, bundle: Bundle, policy: AnyBundlePolicy, options?: VerifyOptions): Verified;
    /**
     * Verifies an artifact by any of several bundles, off the event loop: the first that passes is the answer, else the promise is
     * rejected with the first one's rejection, which has those of the others; `no_signature` if there is none.
     */
    verifyBundles(artifact: Artifact | ArtifactStream, bundles: Iterable<Bundle>, policy: AnyBundlePolicy, options?: VerifyOptions): Promise<Verified>;
    /** The same on this thread, but for streams. */
    verifyBundlesSync(artifact: Artifact, bundles: Iterable<Bundle>, policy: AnyBundlePolicy, options?: VerifyOptions): Verified;
    /**
     * Verifies who signed a bundle's envelope, and when, off the event loop, whatever its payload is and is about. Neither the
     * blocklist nor an artifact is asked, so that the result is no `Verified`.
     */
    verifyEnvelope(bundle: Bundle, policy: AnyBundlePolicy, options?: VerifyOptions): Promise<VerifiedEnvelope>;
    /** The same on this thread. */
    verifyEnvelopeSync(bundle: Bundle, policy: AnyBundlePolicy, options?: VerifyOptions): VerifiedEnvelope;
    /**
     * Runs every check on the same input, off the event loop, and reports on all of them, and on every signed timestamp, log entry
     * and certificate timestamp by itself; the promise is not rejected for a refused bundle.
     */
    examineBundle(artifact: Artifact | ArtifactStream, bundle: Bundle, policy: AnyBundlePolicy, options?: VerifyOptions): Promise<BundleReport>;
    /** The same on this thread, but for streams. */
    examineBundleSync(artifact: Artifact, bundle: Bundle, policy: AnyBundlePolicy, options?: VerifyOptions): BundleReport;
    /**
     * **Look at every item's type:** only `result instanceof Verified` is a yes, as of `verifyMany`.
     *
     * Verifies many artifacts by their bundles on all cores, off the event loop, and promises a result for each request, in their
     * order. Requests may share their bundles: these are held once.
     */
    verifyManyBundles(requests: Iterable<BundleRequest>, options?: VerifyManyOptions): Promise<(Verified | RejectedError | MalformedInputError)[]>;
}
