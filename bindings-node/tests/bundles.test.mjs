// Sigstore bundles, PyPI and npm attestations and GitHub's, of published packages and of other projects' suites: each with what
// it must come to.
//
// The folders have a manifest.json each. The project's own is testdata/sigstore; COUNTERMARK_BUNDLES may name another.

import assert from 'node:assert/strict'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import {
  Bundle,
  BundlePolicy,
  CODES,
  CountermarkError,
  KeyPolicy,
  PypiPublisher,
  RejectedError,
  TrustedRoot,
  Verified,
  VerifiedEnvelope,
  Verifier,
  bundlesFrom,
} from 'countermark'
import { ROOT, TESTDATA, algorithms } from './common.mjs'

/** Where this library decides otherwise than a manifest expects: the core's test says why. */
const OTHERWISE = ['mutation/pep740-two-entries', 'mutation/v2-root-tlog-expired', 'mutation/v2-root-tsa-leaf-missing']

/** What a build comes to that does not know an algorithm that the case needs. */
const WITHOUT_ALGORITHM = ['invalid_key_type', 'unknown_ca', 'untrusted_log', 'no_certificate_timestamp', 'unvouched_time']
const ALGORITHMS = algorithms()

class Case {
  constructor(folder, members) {
    Object.assign(this, members)
    this.folder = folder
  }

  file(path) {
    return readFileSync(join(this.folder, path))
  }

  get needsMoreAlgorithms() {
    const names = Object.values(this.algorithms ?? {}).flat()
    return names.some((name) => !['p256', 'p384', 'ed25519'].includes(name))
  }

  verifier() {
    const root = TrustedRoot.fromJson(this.file(this.trusted_root))
    if (!this.needsMoreAlgorithms) return Verifier.fromTrustedRoot(root)
    return new Verifier({ trustedRoots: { it: root }, acceptedAlgorithms: ALGORITHMS })
  }

  bundle() {
    if (this.pep740 === undefined) return Bundle.fromJson(this.file(this.bundle_file))
    const bundles = bundlesFrom(this.file(this.pep740.attestation))
    assert.equal(bundles.length, 1)
    return bundles[0]
  }

  publisher() {
    const { kind, ...of } = this.pep740?.publisher ?? {}
    switch (kind) {
      case undefined:
        return undefined
      case 'GitHub':
        return PypiPublisher.github(of.repository, of.workflow)
      case 'GitLab':
        return PypiPublisher.gitlab(of.repository, of.workflow_filepath)
      case 'Google':
        return PypiPublisher.google(of.email)
      case 'CircleCI':
        return PypiPublisher.circleci(of.project_id, of.pipeline_definition_id)
      default:
        throw new Error(`${this.id}: the publisher ${kind}`)
    }
  }

  wanted() {
    const { identity, issuer } = this
    const demands = { logEntries: this.policy.tlog, signedTimes: this.policy.timestamps }
    if (this.key) {
      const key = { publicKey: this.file(this.key).toString(), name: this.key_hint, validFor: this.key_valid_for }
      return new KeyPolicy({ keys: [key], ...demands })
    }
    const distribution = this.pep740?.dist_name
    const publisher = this.publisher()
    if (publisher && distribution) return BundlePolicy.forPypi(publisher, distribution)
    demands.certificateTimestamps = this.policy.sct
    const noIssuer = { noCertificateOidcIssuer: true, ...demands }
    const claims = { certificate_identity: identity }
    let policy
    if (identity && issuer) policy = BundlePolicy.forSigstore(identity, issuer, demands)
    else if (identity) policy = new BundlePolicy({ ...noIssuer, claims, maxCertificateLifetimeSeconds: 366 * 86_400 })
    else policy = new BundlePolicy({ ...noIssuer, anySignerOfIssuer: true })
    return distribution ? policy.withPypiDistribution(distribution) : policy
  }

  artifactOf() {
    if (this.artifact) return this.file(this.artifact)
    const digests = { sha256: this.artifact_sha256, sha384: this.artifact_sha384, sha512: this.artifact_sha512 }
    // What is asked for where a case has none cannot be it.
    return Object.values(digests).some(Boolean) ? digests : Buffer.from('no artifact')
  }

  /** What it comes to in every way to ask, which is the same. */
  async outcome() {
    let verifier, bundle, policy
    try {
      verifier = this.verifier()
      bundle = this.bundle()
      policy = this.wanted()
    } catch (error) {
      return [codeOf(error), error.message]
    }
    if (this.envelope_only) {
      const inSync = attempt(() => verifier.verifyEnvelopeSync(bundle, policy))
      const promised = await settled(verifier.verifyEnvelope(bundle, policy))
      assert.equal(codeOf(promised), codeOf(inSync))
      if (promised instanceof VerifiedEnvelope) assert.deepEqual(promised.toJSON(), inSync.toJSON())
      return [codeOf(promised), promised.message]
    }
    const artifact = this.artifactOf()
    const inSync = attempt(() => verifier.verifyBundleSync(artifact, bundle, policy))
    const code = codeOf(inSync)
    const others = [
      await settled(verifier.verifyBundle(artifact, bundle, policy)),
      await settled(verifier.verifyBundles(artifact, [bundle], policy)),
      attempt(() => verifier.verifyBundlesSync(artifact, new Set([bundle]), policy)),
      ...(await verifier.verifyManyBundles([{ artifact, bundles: [bundle], policy }])),
    ]
    for (const other of others) {
      assert.equal(codeOf(other), code)
      assert.equal(other.detail, inSync.detail)
      if (code === 'verified') assert.deepEqual(other.toJSON(), inSync.toJSON())
    }
    for (const report of [verifier.examineBundleSync(artifact, bundle, policy), await verifier.examineBundle(artifact, bundle, policy)]) {
      assert.equal(report.verdict, code)
      assert.equal(report.rejection?.code ?? 'verified', code)
    }
    if (this.artifact) {
      // Of a stream there are digests alone, and Ed25519 signs the file.
      const streamed = await settled(verifier.verifyBundle(createReadStream(join(this.folder, this.artifact)), bundle, policy))
      if (codeOf(streamed) !== code) assert.match(streamed.detail, /Ed25519|bytes/)
    }
    return [code, inSync.message]
  }
}

function attempt(call) {
  try {
    return call()
  } catch (error) {
    return error
  }
}

const settled = (promise) => promise.catch((error) => error)

function codeOf(result) {
  if (result instanceof Verified || result instanceof VerifiedEnvelope) return 'verified'
  assert.ok(result instanceof CountermarkError, result.stack)
  assert.ok(result.code in CODES && result.check && result.detail && result.remedy)
  assert.equal(result instanceof RejectedError, !result.code.startsWith('malformed_'), result.message)
  return result.code
}

function folders() {
  const own = join(TESTDATA, 'sigstore')
  const beside = join(ROOT, '..', 'shared', 'sigstore')
  const elsewhere = process.env.COUNTERMARK_BUNDLES
  if (elsewhere) assert.ok(existsSync(elsewhere), `COUNTERMARK_BUNDLES names ${elsewhere}, which is not there`)
  const first = [own, join(beside, 'registry')].find((folder) => existsSync(join(folder, 'manifest.json')))
  const found = [first, elsewhere ?? join(beside, 'public')]
  return found.filter((folder) => folder !== undefined && existsSync(join(folder, 'manifest.json')))
}

const read = (path) => JSON.parse(readFileSync(path, 'utf8'))

test('every case comes to what its manifest expects', { timeout: 600_000 }, async (context) => {
  let [ran, withoutAlgorithm] = [0, 0]
  const wrong = []
  for (const folder of folders()) {
    const file = [join(folder, 'codes.json'), join(folder, '..', 'codes.json')].find(existsSync)
    const codes = file ? read(file) : {}
    for (const { bundle, ...members } of read(join(folder, 'manifest.json'))) {
      const one = new Case(folder, { ...members, bundle_file: bundle })
      const [code, why] = await one.outcome().catch((error) => {
        throw new Error(`${one.id}: ${error.message}`, { cause: error })
      })
      if (one.needsMoreAlgorithms && ALGORITHMS.length < 14 && WITHOUT_ALGORITHM.includes(code)) {
        withoutAlgorithm += 1
        continue
      }
      const isKnown = OTHERWISE.includes(one.id)
      if ((code === 'verified') !== (one.expect === 'accept') !== isKnown) {
        wrong.push(`${one.id}: ${code} where ${one.expect} is expected: ${why}`)
      }
      if (one.id in codes && codes[one.id] !== code && !isKnown) {
        wrong.push(`${one.id}: ${code} where the code is ${codes[one.id]}: ${why}`)
      }
      ran += 1
    }
  }
  context.diagnostic(`ran ${ran} cases; ${withoutAlgorithm} more need an algorithm that this build does not have`)
  assert.deepEqual(wrong, [])
})
