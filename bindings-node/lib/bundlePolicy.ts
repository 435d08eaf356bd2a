// Policies for bundles that a certificate signed, and the demands that every policy for bundles may have.

import * as native from '../native.js'
import { instanceOf, show } from './internal/instance.js'
import { invalid, json, options, text, truth, wrongType } from './internal/arguments.js'
import { bareObject, document as documentOf, freeze, mapped, parse, stringify } from './internal/primordials.js'
import { given, givenText } from './internal/refusal.js'
import { blocked, claimsOf, seconds, wanted, wantedClaims } from './policy.js'
import type { Match, Wanted, WantedClaims } from './policy.js'

const CODE = 'malformed_policy'

/** What every policy for bundles may demand, whoever signed. */
export interface KeyDemands {
  /** The name of the only instance that may judge: a trusted root's, or `'own'` for the verifier's own anchors. */
  readonly instance?: string | undefined
  /** How many independent log entries are needed: 0 to 32, 1 unless given. 0 is a warning in the result. */
  readonly logEntries?: number | undefined
  /** How many independent signed times, of logs or timestamp authorities: 0 to 32, 1 unless given. 0 is a warning. */
  readonly signedTimes?: number | undefined
  /** The predicate type that the statement must have. A message has none. */
  readonly predicateType?: string | undefined
  /** The name of the statement's subject that is the artifact: `pkg:npm/%40scope/name@1.0.0`. A message has no subjects. */
  readonly subjectName?: string | undefined
  /** Artifact names, and digests as `sha256:`, `sha384:` or `sha512:` and lowercase hex digits. */
  readonly blocklist?: Iterable<string> | undefined
  /**
   * Passes over log entries and timestamps of unknown logs and authorities, which never count, where else they refuse the bundle.
   */
  readonly ignoreUnknownAuthorities?: boolean | undefined
}

/** What a policy may demand of a bundle that somebody signed with a certificate. */
export interface BundleDemands extends KeyDemands {
  /** The required claims: name to what is wanted. */
  readonly claims?: WantedClaims | undefined
  /** How many seconds a leaf may be valid: 600 unless given, and at most 34,560,000. */
  readonly maxCertificateLifetimeSeconds?: number | undefined
  /** How many independent certificate timestamps (SCTs) are needed: 0 to 32, 1 unless given. 0 is a warning. */
  readonly certificateTimestamps?: number | undefined
}

/** What a `BundlePolicy` is made of. */
export interface BundlePolicyOptions extends BundleDemands {
  /** The identity provider that must have vouched for the signer. */
  readonly certificateOidcIssuer?: string | undefined
  /** Says that certificates name no issuer, as those of a plain private authority; one that names any is refused. */
  readonly noCertificateOidcIssuer?: boolean | undefined
  /** Says that anyone whom the issuer vouches for will do; otherwise a policy without claims about the signer is refused. */
  readonly anySignerOfIssuer?: boolean | undefined
}

/** What a policy for what GitHub built may demand beside the repository. */
export interface GithubDemands extends BundleDemands {
  /** The enterprise, if its tokens have an issuer of their own: `https://token.actions.githubusercontent.com/ENTERPRISE`. */
  readonly enterprise?: string | undefined
}

const KEY_NAMES = [
  'instance',
  'logEntries',
  'signedTimes',
  'predicateType',
  'subjectName',
  'blocklist',
  'ignoreUnknownAuthorities',
] as const
const DEMAND_NAMES = [...KEY_NAMES, 'claims', 'maxCertificateLifetimeSeconds', 'certificateTimestamps'] as const
const GITHUB_NAMES = [...DEMAND_NAMES, 'enterprise'] as const
const NAMES = [...DEMAND_NAMES, 'certificateOidcIssuer', 'noCertificateOidcIssuer', 'anySignerOfIssuer'] as const

type Document = Record<string, unknown>
type Given = Partial<Record<(typeof DEMAND_NAMES)[number], unknown>>

function count(value: unknown, what: string): number {
  if (typeof value !== 'number') throw wrongType(value, what, 'a number')
  return value
}

/** The demands as JSON has them; what may stand in them is the core's to judge. */
function demands(given: Given): Document {
  const { claims, maxCertificateLifetimeSeconds, certificateTimestamps, instance, logEntries, signedTimes } = given
  const { predicateType, subjectName, blocklist, ignoreUnknownAuthorities } = given
  const found: Document = bareObject({})
  if (claims !== undefined) found['claims'] = wantedClaims(claims)
  if (maxCertificateLifetimeSeconds !== undefined) {
    found['max_certificate_lifetime_seconds'] = seconds(maxCertificateLifetimeSeconds)
  }
  if (instance !== undefined) found['instance'] = text(instance, 'instance', CODE)
  if (logEntries !== undefined) found['log_entries'] = count(logEntries, 'logEntries')
  if (signedTimes !== undefined) found['signed_times'] = count(signedTimes, 'signedTimes')
  if (certificateTimestamps !== undefined) {
    found['certificate_timestamps'] = count(certificateTimestamps, 'certificateTimestamps')
  }
  if (predicateType !== undefined) found['predicate_type'] = text(predicateType, 'predicateType', CODE)
  if (subjectName !== undefined) found['subject_name'] = text(subjectName, 'subjectName', CODE)
  if (blocklist !== undefined) found['blocklist'] = blocked(blocklist)
  if (ignoreUnknownAuthorities !== undefined) {
    found['ignore_unknown_authorities'] = truth(ignoreUnknownAuthorities, 'ignoreUnknownAuthorities')
  }
  return found
}

/** The demands beside what a policy is otherwise made of, as JSON. @internal */
export function keyDemands(found: Partial<Record<keyof KeyDemands, unknown>>): string {
  const { instance, logEntries, signedTimes, predicateType, subjectName, blocklist, ignoreUnknownAuthorities } = found
  return stringify(
    demands({ instance, logEntries, signedTimes, predicateType, subjectName, blocklist, ignoreUnknownAuthorities }),
  )
}

/** @internal */
export const KEY_DEMAND_NAMES = KEY_NAMES

function moreDemands(value: unknown): string {
  return stringify(demands(options(value, 'demands', DEMAND_NAMES)))
}

function policyDocument(value: unknown): Document {
  const found = options(value, 'a policy for bundles', NAMES)
  const { certificateOidcIssuer, noCertificateOidcIssuer, anySignerOfIssuer } = found
  if (certificateOidcIssuer === undefined && noCertificateOidcIssuer === undefined) {
    throw invalid('certificateOidcIssuer is missing; where certificates name no issuer, say noCertificateOidcIssuer')
  }
  const policy = demands(found)
  if (certificateOidcIssuer !== undefined) {
    policy['certificate_oidc_issuer'] = text(certificateOidcIssuer, 'certificateOidcIssuer', CODE)
  }
  if (noCertificateOidcIssuer !== undefined) {
    policy['no_certificate_oidc_issuer'] = truth(noCertificateOidcIssuer, 'noCertificateOidcIssuer')
  }
  if (anySignerOfIssuer !== undefined) policy['any_signer_of_issuer'] = truth(anySignerOfIssuer, 'anySignerOfIssuer')
  return policy
}

function read(policy: Document): native.BundlePolicy {
  return given(native.bundlePolicyFromJson(stringify(policy)))
}

/** What a native policy of either kind tells. @internal */
export interface ToldDemands {
  instance: string | null
  logEntries: number | null
  signedTimes: number | null
  predicateTypes: string[]
  subjectName: string | null
  blocklist: string[]
  ignoresUnknownAuthorities: boolean
}

interface Told extends ToldDemands {
  certificateOidcIssuer: string | null
  claims: Record<string, Match>
  maxCertificateLifetimeSeconds: number
  certificateTimestamps: number | null
  isUnconstrained: boolean
}

let nativeSigner: (policy: unknown) => native.BundlePolicy | false
let policyOf: (policy: native.BundlePolicy) => BundlePolicy

/**
 * What the caller expects of a bundle that somebody signed with a certificate: of the signer, of what vouches beside the
 * signature, and of what is said. It is made once and used for many bundles.
 *
 * It says who may have signed, or in so many words that anyone may whom the identity provider vouches for. Throws a
 * `MalformedInputError` if a part is malformed, and for a member that there is not.
 */
export class BundlePolicy {
  readonly #native: native.BundlePolicy

  static {
    nativeSigner = (policy) => typeof policy === 'object' && policy !== null && #native in policy && policy.#native
    policyOf = (policy) => {
      const it: unknown = policy
      return new BundlePolicy(it as BundlePolicyOptions)
    }
  }

  /** Makes a policy; a policy as JSON is read by `fromJson`. */
  constructor(policy: BundlePolicyOptions) {
    this.#native = policy instanceof native.BundlePolicy ? policy : read(policyDocument(policy))
    freeze(this)
  }

  /** Reads a policy from JSON. Null, a repeated or unknown member and an unknown claim throw a `MalformedInputError`. */
  static fromJson(data: string | Uint8Array): BundlePolicy {
    return policyOf(given(native.bundlePolicyFromJson(json(data, 'data', CODE))))
  }

  /**
   * A policy for what this identity signed, as Sigstore's public instance has it. An identity of GitHub Actions is a workflow,
   * `https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1`, and of people an e-mail address.
   */
  static forSigstore(identity: Wanted, certificateOidcIssuer: string, more: BundleDemands = {}): BundlePolicy {
    const policy = demands(options(more, 'demands', DEMAND_NAMES))
    const claims = (policy['claims'] ?? {}) as Document
    if (claims['certificate_identity'] !== undefined) throw invalid('claims.certificate_identity is the identity; leave it out')
    policy['claims'] = bareObject({ ...claims, certificate_identity: wanted(identity, 'identity') })
    policy['certificate_oidc_issuer'] = text(certificateOidcIssuer, 'certificateOidcIssuer', CODE)
    return policyOf(read(policy))
  }

  /**
   * A policy for what GitHub Actions built from this repository, `owner/name`, by whichever workflow.
   *
   * GitHub has an instance of its own, without any log, for repositories that are not public. An instance with neither logs nor
   * certificate logs must give one signed timestamp; any other one log entry, one signed time and one certificate timestamp.
   */
  static forGithub(repository: string, more: GithubDemands = {}): BundlePolicy {
    const found = options(more, 'demands', GITHUB_NAMES)
    const { enterprise } = found
    const name = enterprise === undefined ? undefined : text(enterprise, 'enterprise', CODE)
    const wanted = stringify(demands(found))
    return policyOf(given(native.bundlePolicyForGithub(text(repository, 'repository', CODE), name, wanted)))
  }

  /**
   * A policy for an asset of a release of this repository, `owner/name`, which GitHub itself attests: the statement has the
   * artifact, and a subject for the release.
   */
  static forGithubRelease(repository: string, more: BundleDemands = {}): BundlePolicy {
    const wanted = moreDemands(more)
    return policyOf(given(native.bundlePolicyForGithubRelease(text(repository, 'repository', CODE), wanted)))
  }

  /**
   * A policy for a distribution of PyPI, a wheel or source archive by its file name, that this publisher attests.
   *
   * The statement must have one subject, by the same file name once both are parsed, and with the artifact's SHA-256.
   */
  static forPypi(publisher: PypiPublisher, fileName: string, more: BundleDemands = {}): BundlePolicy {
    const wanted = moreDemands(more)
    const who = nativePublisher(publisher, 'publisher')
    return policyOf(given(native.bundlePolicyForPypi(who, text(fileName, 'fileName', CODE), wanted)))
  }

  /**
   * The same policy, which also demands that what was signed is an attestation of PyPI about this distribution, a wheel or source
   * archive by its file name: what `forPypi` demands beside the publisher.
   */
  withPypiDistribution(fileName: string): BundlePolicy {
    return policyOf(given(native.bundlePolicyWithPypiDistribution(this.#native, text(fileName, 'fileName', CODE))))
  }

  get #told(): Told {
    return documentOf<Told>(givenText(this.#native.told()))
  }

  /** The identity provider that must have vouched for the signer; null if the certificate must name none. */
  get certificateOidcIssuer(): string | null {
    return this.#told.certificateOidcIssuer
  }

  /** The required claims: name to what is wanted. Those of a `PypiPublisher` may also demand how claims go together. */
  get claims(): WantedClaims {
    return claimsOf(this.#told.claims)
  }

  /** How many seconds a leaf may be valid. */
  get maxCertificateLifetimeSeconds(): number {
    return this.#told.maxCertificateLifetimeSeconds
  }

  /** The name of the only instance that may judge; null if any may. */
  get instance(): string | null {
    return this.#told.instance
  }

  /** How many independent log entries are needed; null if the kind of instance decides. */
  get logEntries(): number | null {
    return this.#told.logEntries
  }

  /** How many independent signed times are needed; null if the kind of instance decides. */
  get signedTimes(): number | null {
    return this.#told.signedTimes
  }

  /** How many independent certificate timestamps are needed; null if the kind of instance decides. */
  get certificateTimestamps(): number | null {
    return this.#told.certificateTimestamps
  }

  /** The predicate types of which the statement must have one; none if any will do. */
  get predicateTypes(): readonly string[] {
    return freeze(mapped(this.#told.predicateTypes, (name) => name))
  }

  /** The name of the subject that must be the artifact; null if none is asked for. */
  get subjectName(): string | null {
    return this.#told.subjectName
  }

  /** The blocklist's items, in order. */
  get blocklist(): readonly string[] {
    return freeze(mapped(this.#told.blocklist, (item) => item))
  }

  /** Whether items of unknown logs and authorities are passed over. */
  get ignoresUnknownAuthorities(): boolean {
    return this.#told.ignoresUnknownAuthorities
  }

  /** Whether anyone whom the issuer vouches for would do. */
  get isUnconstrained(): boolean {
    return this.#told.isUnconstrained
  }

  /**
   * The policy as `fromJson` reads it, without members that have their defaults: what `JSON.stringify` writes.
   *
   * Throws a `MalformedInputError` for what the makers for GitHub and PyPI made: these demand what JSON cannot say.
   */
  toJSON(): Record<string, unknown> {
    return parse(givenText(this.#native.json())) as Document
  }
}

show(BundlePolicy, ({ certificateOidcIssuer, claims, predicateTypes }) => ({
  certificateOidcIssuer,
  claims: { ...claims },
  predicateTypes,
}))

/** @internal */
export function nativeBundleSigner(policy: unknown): native.BundlePolicy | false {
  return nativeSigner(policy)
}

let nativePublisher: (publisher: unknown, what: string) => native.PypiPublisher
let publisherOf: (publisher: native.PypiPublisher) => PypiPublisher

function publisher(kind: native.PublisherKind, first: string, second = ''): PypiPublisher {
  return publisherOf(given(native.pypiPublisher(kind, first, second)))
}

/**
 * Who may publish a project of PyPI, as its owner told PyPI and as the caller knows it: what an index says of a file's publisher
 * proves nothing.
 *
 * What a publisher has beside these, an environment, say, is a claim to demand.
 */
export class PypiPublisher {
  readonly #native: native.PypiPublisher

  static {
    publisherOf = (publisher) => new PypiPublisher(publisher)
    nativePublisher = (publisher, what) =>
      instanceOf(publisher, what, 'a PypiPublisher', (it) => #native in it && it.#native)
  }

  private constructor(publisher: native.PypiPublisher) {
    if (!(publisher instanceof native.PypiPublisher)) {
      throw new TypeError('a PypiPublisher is made by PypiPublisher.github, .gitlab, .google or .circleci')
    }
    this.#native = publisher
    freeze(this)
  }

  /** A workflow of GitHub Actions: `owner/name` of the repository, and the workflow's file name, such as `release.yml`. */
  static github(repository: string, workflow: string): PypiPublisher {
    return publisher('github', text(repository, 'repository', CODE), text(workflow, 'workflow', CODE))
  }

  /** A pipeline of GitLab: `group/name` of the project, and the path of the pipeline's file, such as `.gitlab-ci.yml`. */
  static gitlab(repository: string, workflowFilepath: string): PypiPublisher {
    const path = text(workflowFilepath, 'workflowFilepath', CODE)
    return publisher('gitlab', text(repository, 'repository', CODE), path)
  }

  /** A service account of Google Cloud, by its e-mail address. */
  static google(email: string): PypiPublisher {
    return publisher('google', text(email, 'email', CODE))
  }

  /** A pipeline of CircleCI, by the IDs (UUIDs) of its project and of the pipeline's definition. */
  static circleci(projectId: string, pipelineDefinitionId: string): PypiPublisher {
    const definition = text(pipelineDefinitionId, 'pipelineDefinitionId', CODE)
    return publisher('circleci', text(projectId, 'projectId', CODE), definition)
  }
}
