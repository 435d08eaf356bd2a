// Bundles, and what they must come to: the cases of folders that have a manifest.json each.
//
// The project's own is testdata/sigstore; COUNTERMARK_BUNDLES may name another.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Bundle, BundlePolicy, KeyPolicy, PypiPublisher, TrustedRoot, Verifier, bundlesFrom } from 'countermark'
import { ROOT, TESTDATA, algorithms } from './common.mjs'

export const ALGORITHMS = algorithms()

export class Case {
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

/** Every case, and the code that it must come to where that is certain. */
export function cases() {
  return folders().flatMap((folder) => {
    const file = [join(folder, 'codes.json'), join(folder, '..', 'codes.json')].find(existsSync)
    const codes = file ? read(file) : {}
    return read(join(folder, 'manifest.json')).map(({ bundle, ...members }) => {
      return new Case(folder, { ...members, bundle_file: bundle, code: codes[members.id] })
    })
  })
}
