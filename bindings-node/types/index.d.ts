/**
 * Verifies keyless artifact signatures, offline.
 *
 * `Verifier.verify` promises a `Verified`, or is rejected with a `RejectedError`: the error is the answer to an artifact that
 * is not to be trusted, so that code which forgets to look at a result lets nothing through.
 *
 * @packageDocumentation
 */
export { CODES } from './codes.js';
export type { CheckName, Code, CodeName, MalformedInputCode, RejectionCode } from './codes.js';
export { CountermarkError, MalformedInputError, RejectedError } from './errors.js';
export type { Certificates, Instant, PublicKey, ValidFor } from './inputs.js';
export { digestArtifact } from './artifact.js';
export type { Artifact, ArtifactDigests, ArtifactStream, EveryDigest } from './artifact.js';
export { Bundle, bundlesFrom, bundlesFromJsonLines, bundlesFromNpm, bundlesFromPypiProvenance, readBundles, simpleSigning, } from './bundle.js';
export type { CosignParts, NpmAttestation, PypiAttestations, SimpleSigning } from './bundle.js';
export { BundlePolicy, PypiPublisher } from './bundlePolicy.js';
export type { BundleDemands, BundlePolicyOptions, GithubDemands, KeyDemands } from './bundlePolicy.js';
export { BundleReport } from './bundleReport.js';
export type { EvidenceOutcome } from './bundleReport.js';
export { Entry, entriesFromJson, readEntries } from './entry.js';
export type { EntryOptions, ReadingOptions } from './entry.js';
export { KeyPolicy } from './keyPolicy.js';
export type { AnyBundlePolicy, KeyPolicyOptions, KnownKey, PolicyKey } from './keyPolicy.js';
export { Log } from './log.js';
export { Policy, SignerPolicy } from './policy.js';
export type { AnyOf, ClaimName, Glob, PolicyOptions, RevocationScope, SignerPolicyOptions, Wanted, WantedClaims, } from './policy.js';
export { Report } from './report.js';
export type { CheckOutcome, TimestampOutcome } from './report.js';
export { Statement, UnverifiedStatement } from './statement.js';
export type { StatementSubject } from './statement.js';
export { LogKey, TimestampAuthority, TrustedRoot, trustedRootsFromJsonLines } from './trust.js';
export type { LogKeyOptions, TimestampAuthorityOptions } from './trust.js';
export { Verified } from './verified.js';
export type { PathCertificate, SignedTime, TimeVoucher, VerifiedCertificateTimestamp, VerifiedLogEntry, Warning, } from './verified.js';
export { VerifiedEnvelope } from './verifiedEnvelope.js';
export { Verifier } from './verifier.js';
export type { BundleRequest, Request, SignatureAlgorithm, SignedMessage, VerifierOptions, VerifyManyOptions, VerifyOptions, } from './verifier.js';
/** The package's version. */
export declare const version: string;
