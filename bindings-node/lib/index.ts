/**
 * Verifies keyless artifact signatures, offline.
 *
 * `Verifier.verify` promises a `Verified`, or is rejected with a `RejectedError`: the error is the answer to an artifact that
 * is not to be trusted, so that code which forgets to look at a result lets nothing through.
 *
 * @packageDocumentation
 */

import { native } from './internal/binary.js'

export { CODES } from './codes.js'
export type { CheckName, Code, CodeName, MalformedInputCode, RejectionCode } from './codes.js'
export { CountermarkError, MalformedInputError, RejectedError } from './errors.js'
export type { Certificates, Instant } from './inputs.js'
export { Entry, entriesFromJson, readEntries } from './entry.js'
export type { EntryOptions, ReadingOptions } from './entry.js'
export { Log } from './log.js'
export { Policy, SignerPolicy } from './policy.js'
export type {
  AnyOf,
  ClaimName,
  Glob,
  PolicyOptions,
  RevocationScope,
  SignerPolicyOptions,
  Wanted,
  WantedClaims,
} from './policy.js'
export { Report } from './report.js'
export type { CheckOutcome } from './report.js'
export { Verified } from './verified.js'
export type { PathCertificate, Warning } from './verified.js'
export { Verifier } from './verifier.js'
export type {
  Request,
  SignatureAlgorithm,
  SignedMessage,
  VerifierOptions,
  VerifyManyOptions,
  VerifyOptions,
} from './verifier.js'

/** The package's version. */
export const version: string = native.version()
