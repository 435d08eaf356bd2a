// Policies, and what they may ask of a claim.

import * as native from '../native.js'
import { instanceOf, show } from './internal/instance.js'
import { invalid, items, json, members, options, record, text, wrongType } from './internal/arguments.js'
import { given } from './internal/refusal.js'

/** The name of a claim that a policy may require: one of the table, or the dotted OID of a custom claim. */
export type ClaimName =
  | 'certificate_identity'
  | 'build_config_name'
  | 'build_signer_uri'
  | 'build_signer_digest'
  | 'runner_environment'
  | 'source_repository'
  | 'source_repository_digest'
  | 'source_repository_ref'
  | 'source_repository_identifier'
  | 'source_repository_owner'
  | 'source_repository_owner_identifier'
  | 'build_config_uri'
  | 'build_config_digest'
  | 'build_trigger'
  | 'run_invocation_uri'
  | 'source_repository_visibility'
  | 'deployment_environment'
  | 'token_subject'
  | `${number}.${string}`

/** Matches if the value is one of these texts, exactly. */
export interface AnyOf {
  readonly anyOf: readonly string[]
}

/**
 * Matches by a pattern that is anchored at both ends.
 *
 * `*` matches any run within a segment, never `/`; `**` may stand only as the whole last segment and matches all that
 * follows. Everything else is literal.
 */
export interface Glob {
  readonly glob: string
}

/** What is wanted of a claim: exactly this text, one of several, or a pattern. */
export type Wanted = string | AnyOf | Glob

/** The claims that are required. */
export type WantedClaims = { readonly [Name in ClaimName]?: Wanted }

/** What a `SignerPolicy` is made of. */
export interface SignerPolicyOptions {
  /** The identity provider that must have vouched for the signer. */
  readonly certificateOidcIssuer: string
  /**
   * The required claims: name to what is wanted. An issuer such as GitHub's speaks for everybody who uses GitHub: require
   * at least a `source_repository`.
   */
  readonly claims?: WantedClaims | undefined
  /** How many seconds a leaf may be valid: 300 unless given, and at most 86,400. */
  readonly maxCertificateLifetimeSeconds?: number | undefined
}

/** How far one revoked entry reaches. */
export type RevocationScope = 'artifact' | 'entry'

/** What a `Policy` is made of. */
export interface PolicyOptions extends SignerPolicyOptions {
  /** Selects the entries that count. No signature covers it, so it authenticates nothing. */
  readonly namespace: string
  /** `'artifact'` (one revoked entry fails the artifact; the default) or `'entry'`. */
  readonly revocationScope?: RevocationScope | undefined
  /** Artifact names, and digests as `sha256:` and 64 lowercase hex digits. */
  readonly blocklist?: Iterable<string> | undefined
}

const SIGNER_NAMES = ['certificateOidcIssuer', 'claims', 'maxCertificateLifetimeSeconds'] as const
const NAMES = ['namespace', ...SIGNER_NAMES, 'revocationScope', 'blocklist'] as const
const CODE = 'malformed_policy'

type Document = Record<string, unknown>

function wanted(value: unknown, name: string): unknown {
  if (typeof value === 'string') return value
  const what = `claims.${name}`
  const { anyOf, glob } = options(value, what, ['anyOf', 'glob'])
  if ((anyOf === undefined) === (glob === undefined)) throw invalid(`${what} must have either anyOf or glob`)
  if (glob !== undefined) return { glob: text(glob, `${what}.glob`, CODE) }
  const texts = items(anyOf, `${what}.anyOf`, 'an iterable of strings')
  return { any_of: texts.map((item) => text(item, `an item of ${what}.anyOf`, CODE)) }
}

function wantedClaims(value: unknown): Document {
  return record(members(value, 'claims').map(([name, claim]) => [name, wanted(claim, name)]))
}

/** The policy as JSON has it: what may stand in it is the core's to judge. */
function document(given: Partial<Record<(typeof NAMES)[number], unknown>>): Document {
  const { namespace, certificateOidcIssuer, claims, maxCertificateLifetimeSeconds, revocationScope, blocklist } = given
  const policy: Document = {
    namespace: text(namespace, 'namespace', CODE),
    certificate_oidc_issuer: text(certificateOidcIssuer, 'certificateOidcIssuer', CODE),
  }
  if (claims !== undefined) policy['claims'] = wantedClaims(claims)
  if (maxCertificateLifetimeSeconds !== undefined) {
    if (typeof maxCertificateLifetimeSeconds !== 'number') {
      throw wrongType(maxCertificateLifetimeSeconds, 'maxCertificateLifetimeSeconds', 'a number')
    }
    policy['max_certificate_lifetime_seconds'] = maxCertificateLifetimeSeconds
  }
  if (revocationScope !== undefined) policy['revocation_scope'] = text(revocationScope, 'revocationScope', CODE)
  if (blocklist !== undefined) {
    const texts = items(blocklist, 'blocklist', 'an iterable of strings')
    policy['blocklist'] = texts.map((item) => text(item, 'an item of blocklist', CODE))
  }
  return policy
}

function read(policy: Document): native.Policy {
  return given(native.policyFromJson(Buffer.from(JSON.stringify(policy))))
}

function parsed(policy: native.Policy): Document {
  return JSON.parse(given(policy.json())) as Document
}

function claimsOf(policy: native.Policy): WantedClaims {
  type Match = string | { glob: string } | { any_of: string[] }
  const claims = Object.entries((parsed(policy)['claims'] ?? {}) as Record<string, Match>)
  const wantedOf = (match: Match): Wanted => {
    if (typeof match === 'string') return match
    return Object.freeze('glob' in match ? { glob: match.glob } : { anyOf: Object.freeze(match.any_of) })
  }
  return record(claims.map(([name, match]) => [name, wantedOf(match)]))
}

/** @internal */
export let nativeSigner: (policy: unknown, what: string) => native.Policy

/**
 * What is asked of the signer: the identity provider, the claims, how long the certificate may live.
 *
 * `verifyMessage` takes it alone; a `Policy` has one as `signer`. Throws a `MalformedInputError` for an unknown claim or
 * a value out of range.
 */
export class SignerPolicy {
  // A whole policy, of which only the signer's part is ever used.
  readonly #native: native.Policy

  static {
    nativeSigner = (policy, what) => instanceOf(policy, what, 'a SignerPolicy', (it) => #native in it && it.#native)
  }

  /** Makes a policy for messages; a `Policy` has one as `signer`. */
  constructor(signerPolicy: SignerPolicyOptions) {
    const signer = options(signerPolicy, 'a signer policy', SIGNER_NAMES)
    this.#native = read(document({ ...signer, namespace: 'of no record' }))
    Object.freeze(this)
  }

  /** The identity provider that must have vouched for the signer. */
  get certificateOidcIssuer(): string {
    return parsed(this.#native)['certificate_oidc_issuer'] as string
  }

  /** The required claims: name to what is wanted. */
  get claims(): WantedClaims {
    return claimsOf(this.#native)
  }

  /** How many seconds a leaf may be valid. */
  get maxCertificateLifetimeSeconds(): number {
    return this.#native.maxCertificateLifetimeSeconds
  }

  /** Whether anyone whom the issuer vouches for would do. */
  get isUnconstrained(): boolean {
    return this.#native.isUnconstrained
  }

  /** The members by the names that JSON has for them, without those that have their defaults. */
  toJSON(): Record<string, unknown> {
    const { namespace: _, ...signer } = parsed(this.#native)
    return signer
  }
}

/** @internal */
export let nativePolicy: (policy: unknown, what: string) => native.Policy

/**
 * What the caller expects of the record and of the signer. It is made once and used for many artifacts.
 *
 * Throws a `MalformedInputError` if a part is malformed, and for a member that there is not.
 */
export class Policy {
  readonly #native: native.Policy

  static {
    nativePolicy = (policy, what) => instanceOf(policy, what, 'a Policy', (it) => #native in it && it.#native)
  }

  /** Makes a policy; a policy as JSON is read by `fromJson`. */
  constructor(policy: PolicyOptions) {
    this.#native = policy instanceof native.Policy ? policy : read(document(options(policy, 'a policy', NAMES)))
    Object.freeze(this)
  }

  /**
   * Reads a policy from JSON.
   *
   * Null, a repeated or unknown member and an unknown claim throw a `MalformedInputError`, so that a policy cannot say
   * less than its author believes.
   */
  static fromJson(data: string | Uint8Array): Policy {
    const policy: unknown = given(native.policyFromJson(json(data, 'data', CODE)))
    return new Policy(policy as PolicyOptions)
  }

  /** The namespace whose entries count. */
  get namespace(): string {
    return parsed(this.#native)['namespace'] as string
  }

  /** The identity provider that must have vouched for the signer. */
  get certificateOidcIssuer(): string {
    return parsed(this.#native)['certificate_oidc_issuer'] as string
  }

  /** The required claims: name to what is wanted. */
  get claims(): WantedClaims {
    return claimsOf(this.#native)
  }

  /** How many seconds a leaf may be valid. */
  get maxCertificateLifetimeSeconds(): number {
    return this.#native.maxCertificateLifetimeSeconds
  }

  /** How far one revoked entry reaches. */
  get revocationScope(): RevocationScope {
    return this.#native.revocationScope
  }

  /** The blocklist's items, in order: names, then digests. */
  get blocklist(): readonly string[] {
    return Object.freeze((parsed(this.#native)['blocklist'] ?? []) as string[])
  }

  /** What is asked of the signer, for `verifyMessage`. */
  get signer(): SignerPolicy {
    const { certificateOidcIssuer, claims, maxCertificateLifetimeSeconds } = this
    return new SignerPolicy({ certificateOidcIssuer, claims, maxCertificateLifetimeSeconds })
  }

  /** The policy as `fromJson` reads it, without members that have their defaults: what `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    return parsed(this.#native)
  }
}

show(SignerPolicy, (policy) => policy.toJSON())
show(Policy, (policy) => policy.toJSON())
