// Policies, and what they may ask of a claim.

import * as native from '../native.js'
import { instanceOf, show } from './internal/instance.js'
import { invalid, items, json, members, options, record, text, wrongType } from './internal/arguments.js'
import { bare, bareObject, document as documentOf, freeze, hasOwn, mapped, parse, put, stringify } from './internal/primordials.js'
import { given, givenText } from './internal/refusal.js'

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
export type RevocationScope = 'artifact' | 'entry' | 'digest'

/** What a `Policy` is made of. */
export interface PolicyOptions extends SignerPolicyOptions {
  /** Selects the entries that count. No signature covers it, so it authenticates nothing. */
  readonly namespace: string
  /**
   * `'artifact'` (one revoked entry of the name fails it; the default), `'entry'` (revoked entries do not count) or `'digest'`
   * (an entry that is revoked or blocklisted under any name with this digest fails it; give those of the other names too).
   */
  readonly revocationScope?: RevocationScope | undefined
  /**
   * What must vouch for the signing time: `'recorded'`, the log's word (the default), or `'timestamp_authority'`: an entry
   * counts only with a good signed timestamp, by an authority that the verifier knows.
   */
  readonly timeVoucher?: 'recorded' | 'timestamp_authority' | undefined
  /** Artifact names, and digests as `sha256:` and 64 lowercase hex digits. */
  readonly blocklist?: Iterable<string> | undefined
}

const SIGNER_NAMES = ['certificateOidcIssuer', 'claims', 'maxCertificateLifetimeSeconds'] as const
const NAMES = ['namespace', ...SIGNER_NAMES, 'revocationScope', 'timeVoucher', 'blocklist'] as const
const SIGNER_MEMBERS = ['certificate_oidc_issuer', 'claims', 'max_certificate_lifetime_seconds'] as const
const CODE = 'malformed_policy'

type Document = Record<string, unknown>
type Given = Partial<Record<(typeof NAMES)[number], unknown>>

/** @internal */
export function wanted(value: unknown, what: string): unknown {
  if (typeof value === 'string') return value
  const { anyOf, glob } = options(value, what, ['anyOf', 'glob'])
  if ((anyOf === undefined) === (glob === undefined)) throw invalid(`${what} must have either anyOf or glob`)
  if (glob !== undefined) return bareObject({ glob: text(glob, `${what}.glob`, CODE) })
  const texts = items(anyOf, `${what}.anyOf`, 'an iterable of strings')
  return bareObject({ any_of: bare(mapped(texts, (item) => text(item, `an item of ${what}.anyOf`, CODE))) })
}

/** @internal */
export function wantedClaims(value: unknown): Document {
  return record(members(value, 'claims'), (claim, name) => wanted(claim, `claims.${name}`))
}

/** @internal */
export function seconds(value: unknown): number {
  if (typeof value !== 'number') throw wrongType(value, 'maxCertificateLifetimeSeconds', 'a number')
  return value
}

/** @internal */
export function blocked(value: unknown): string[] {
  const texts = items(value, 'blocklist', 'an iterable of strings')
  return bare(mapped(texts, (item) => text(item, 'an item of blocklist', CODE)))
}

/** The policy as JSON has it, of parts that inherit nothing; what may stand in it is the core's to judge. */
function document(given: Given): Document {
  const { namespace, certificateOidcIssuer, claims, maxCertificateLifetimeSeconds, revocationScope } = given
  const { timeVoucher, blocklist } = given
  const policy: Document = bareObject({
    namespace: text(namespace, 'namespace', CODE),
    certificate_oidc_issuer: text(certificateOidcIssuer, 'certificateOidcIssuer', CODE),
  })
  if (claims !== undefined) policy['claims'] = wantedClaims(claims)
  if (maxCertificateLifetimeSeconds !== undefined) {
    policy['max_certificate_lifetime_seconds'] = seconds(maxCertificateLifetimeSeconds)
  }
  if (revocationScope !== undefined) policy['revocation_scope'] = text(revocationScope, 'revocationScope', CODE)
  if (timeVoucher !== undefined) policy['time_voucher'] = text(timeVoucher, 'timeVoucher', CODE)
  if (blocklist !== undefined) policy['blocklist'] = blocked(blocklist)
  return policy
}

function signerDocument(value: unknown): Document {
  const signer: Given = options(value, 'a signer policy', SIGNER_NAMES)
  signer.namespace = 'of no record'
  return document(signer)
}

function read(policy: Document): native.Policy {
  return given(native.policyFromJson(stringify(policy)))
}

function parsed(policy: native.Policy): Document {
  return documentOf(givenText(policy.json()))
}

/** @internal */
export type Match = string | { glob: string } | { any_of: string[] }

/** @internal */
export function claimsOf(claims: Record<string, Match>): WantedClaims {
  const wantedOf = (match: Match): Wanted => {
    if (typeof match === 'string') return match
    return freeze('glob' in match ? { glob: match.glob } : { anyOf: freeze(match.any_of) })
  }
  return record(claims, wantedOf)
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
    this.#native = signerPolicy instanceof native.Policy ? signerPolicy : read(signerDocument(signerPolicy))
    freeze(this)
  }

  /** The identity provider that must have vouched for the signer. */
  get certificateOidcIssuer(): string {
    return parsed(this.#native)['certificate_oidc_issuer'] as string
  }

  /** The required claims: name to what is wanted. */
  get claims(): WantedClaims {
    return claimsOf((parsed(this.#native)['claims'] ?? {}) as Record<string, Match>)
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
    const policy = parse(givenText(this.#native.json())) as Document
    const signer: Document = {}
    for (let index = 0; index < SIGNER_MEMBERS.length; index += 1) {
      const name = SIGNER_MEMBERS[index] as string
      if (hasOwn(policy, name)) put(signer, name, policy[name])
    }
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
    freeze(this)
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
    return claimsOf((parsed(this.#native)['claims'] ?? {}) as Record<string, Match>)
  }

  /** How many seconds a leaf may be valid. */
  get maxCertificateLifetimeSeconds(): number {
    return this.#native.maxCertificateLifetimeSeconds
  }

  /** How far one revoked entry reaches. */
  get revocationScope(): RevocationScope {
    return this.#native.revocationScope
  }

  /** What must vouch for the signing time. */
  get timeVoucher(): 'recorded' | 'timestamp_authority' {
    return this.#native.timeVoucher
  }

  /** The blocklist's items, in order: names, then digests. */
  get blocklist(): readonly string[] {
    return freeze((parsed(this.#native)['blocklist'] ?? []) as string[])
  }

  /** What is asked of the signer, for `verifyMessage`. */
  get signer(): SignerPolicy {
    const policy: unknown = this.#native
    return new SignerPolicy(policy as SignerPolicyOptions)
  }

  /** The policy as `fromJson` reads it, without members that have their defaults: what `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    return parse(givenText(this.#native.json())) as Document
  }
}

show(SignerPolicy, (policy) => policy.toJSON())
show(Policy, (policy) => policy.toJSON())
