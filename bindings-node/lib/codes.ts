// The code table.

import * as native from '../native.js'
import { create, freeze } from './internal/primordials.js'

/**
 * The name of a code by which an artifact is refused. It is `'invalid_argument'` for a bundle if it cannot be told whether the
 * blocklist has the artifact, or if the verifier has no instance that may judge.
 */
export type RejectionCode =
  | 'no_signature'
  | 'blocklisted'
  | 'revoked_signature'
  | 'bad_certificate'
  | 'invalid_key_type'
  | 'unknown_ca'
  | 'path_too_complex'
  | 'no_certificate_timestamp'
  | 'lifetime_too_long'
  | 'time_mismatch'
  | 'unvouched_time'
  | 'not_logged'
  | 'untrusted_log'
  | 'invalid_log_proof'
  | 'log_entry_mismatch'
  | 'corrupted_signature'
  | 'invalid_signature'
  | 'artifact_mismatch'
  | 'provenance_mismatch'
  | 'claims_mismatch'
  | 'predicate_mismatch'
  | 'invalid_argument'

/** The name of a code for input that cannot be judged. */
export type MalformedInputCode =
  | 'malformed_trust_anchor'
  | 'malformed_policy'
  | 'malformed_entry'
  | 'malformed_name'
  | 'malformed_message'
  | 'malformed_bundle'
  | 'malformed_trusted_root'
  | 'invalid_argument'

/** The name of a code. */
export type CodeName = 'verified' | RejectionCode | MalformedInputCode | 'internal'

/** The name of a check. */
export type CheckName =
  | 'input'
  | 'selection'
  | 'blocklist'
  | 'revocation'
  | 'certificate'
  | 'chain'
  | 'lifetime'
  | 'timestamp'
  | 'signature'
  | 'transparency'
  | 'artifact'
  | 'provenance'
  | 'claims'
  | 'library'

/** One row of the code table: a stable code, what it means and what to do about it. */
export interface Code {
  /** The stable number; never zero. */
  readonly number: number
  /** The stable name: lowercase with underscores. */
  readonly name: CodeName
  /** The name of the check that gives this code. */
  readonly check: CheckName
  /** One sentence: what is the case. */
  readonly cause: string
  /** One sentence: what to do about it. */
  readonly remedy: string
  /** The result that Endor Labs' verification reports in this case, or null. */
  readonly endorLabsResult: string | null
}

function table(): Readonly<Record<CodeName, Code>> {
  const rows = create(null) as Record<string, Code>
  const given = native.codes()
  for (let index = 0; index < given.length; index += 1) {
    const { number, name, check, cause, remedy, endorLabsResult = null } = given[index] as native.CodeRow
    rows[name] = freeze({ number, name, check, cause, remedy, endorLabsResult }) as Code
  }
  return freeze(rows)
}

/** The code table, by name, in the order of the numbers. */
export const CODES: Readonly<Record<CodeName, Code>> = table()
