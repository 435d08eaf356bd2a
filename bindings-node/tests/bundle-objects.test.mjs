// What there is to see of bundles, policies for them, and results.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'

import {
  Bundle,
  BundlePolicy,
  BundleReport,
  KeyPolicy,
  LogKey,
  MalformedInputError,
  Policy,
  PypiPublisher,
  RejectedError,
  Statement,
  TimestampAuthority,
  TrustedRoot,
  UnverifiedStatement,
  Verified,
  VerifiedEnvelope,
  Verifier,
  bundlesFrom,
  bundlesFromJsonLines,
  bundlesFromNpm,
  bundlesFromPypiProvenance,
  readBundles,
  simpleSigning,
  trustedRootsFromJsonLines,
} from 'countermark'
import { cases } from './cases.mjs'
import { ISSUER, NAME, OTHER, rejection, thrown, vector } from './common.mjs'
import { BYTES, IDENTITY, JSON_TEXT, ROOT_TEXT, bundle, policy, root, verifier } from './peer.mjs'

const sha256 = createHash('sha256').update(BYTES).digest('hex')
const compact = (text) => JSON.stringify(JSON.parse(text))
const ROOT = JSON.parse(ROOT_TEXT)
const DER = (raw) => Buffer.from(raw, 'base64')
const CASES = new Map(cases().map((one) => [one.id, one]))

/** A case by its name, where its folder is there. */
function withCase(id, run) {
  test(id, { skip: !CASES.has(id) && 'its folder is not there' }, () => run(CASES.get(id)))
}

test('a bundle tells what it brings, and a result what was established', async () => {
  assert.deepEqual([bundle.version, bundle.keyHint, bundle.hasEnvelope, bundle.logEntryCount], ['0.2', null, false, 1])
  assert.ok(bundle.certificates[0] instanceof Uint8Array && bundle.statement() === null)
  assert.match(inspect(bundle), /^Bundle \{\s+version: '0\.2'/)

  const verified = await verifier.verifyBundle(BYTES, bundle, policy)
  assert.ok(verified instanceof Verified)
  assert.equal(verified.artifact, `sha256:${sha256}`)
  assert.deepEqual([verified.artifactName, verified.entry, verified.entryIndex], [null, null, null])
  assert.equal(verified.instance, 'trusted_root')
  assert.equal(verified.claims.certificate_identity, IDENTITY)
  assert.deepEqual(verified.leaf, bundle.certificates[0])
  assert.equal(verified.path.at(-1).origin, 'trust_anchor')
  assert.equal(verified.timeVoucher, 'log')
  assert.deepEqual(verified.times.map(({ voucher }) => voucher), ['log'])
  assert.equal(verified.timestamp, verified.times[0].time)
  const [entry, ...more] = verified.logEntries
  assert.equal(more.length, 0)
  assert.ok(entry.log && entry.logIndex > 0 && entry.treeSize > 0 && entry.integratedTime === verified.timestamp)
  assert.equal(verified.certificateTimestamps.length, 1)
  assert.deepEqual([verified.statement, verified.isOfKey, verified.keyName], [null, false, null])
  assert.deepEqual(verified.warnings, [])
  assert.equal(verified.toJSON().instance, 'trusted_root')
  assert.match(String(verified), /^verified: "?sha256:/)

  // Of an entry's result there is none of it.
  const entrys = vector('accept-nine-claims').verifySync()
  assert.deepEqual([entrys.instance, entrys.artifact, entrys.statement, entrys.keyName, entrys.isOfKey], [null, null, null, null, false])
  assert.deepEqual([entrys.times, entrys.logEntries, entrys.certificateTimestamps, entrys.timeVoucher], [[], [], [], 'recorded'])
})

test('an artifact is bytes, digests or a name', () => {
  const verify = (artifact, wanted = policy) => verifier.verifyBundleSync(artifact, bundle, wanted)
  const shared = new Uint8Array(new SharedArrayBuffer(BYTES.length))
  shared.set(BYTES)
  for (const artifact of [
    BYTES,
    new Uint8Array(BYTES),
    shared,
    { sha256 },
    { sha256: sha256.toUpperCase() },
    { sha256: DER(Buffer.from(sha256, 'hex').toString('base64')), sha512: undefined },
    { sha256, sha384: createHash('sha384').update(BYTES).digest() },
    `registry/wheel@sha256:${sha256}`,
  ]) assert.ok(verify(artifact) instanceof Verified)
  assert.equal(verify(`registry/wheel@sha256:${sha256}`).artifact, `registry/wheel@sha256:${sha256}`)
  for (const artifact of [Buffer.of(), BYTES.subarray(1), { sha256: '0'.repeat(64) }, { sha512: '0'.repeat(128) }, OTHER]) {
    assert.equal(thrown(() => verify(artifact)).code, 'artifact_mismatch')
  }

  const blocking = (item) => BundlePolicy.forSigstore(IDENTITY, ISSUER, { blocklist: [item] })
  assert.equal(thrown(() => verify(BYTES, blocking(`sha256:${sha256}`))).code, 'blocklisted')
  const sha384 = createHash('sha384').update(BYTES).digest('hex')
  assert.equal(thrown(() => verify(BYTES, blocking(`sha384:${sha384}`))).code, 'blocklisted')
  // Whether it is blocked cannot be told of another digest, which is no pass.
  const untold = thrown(() => verify({ sha256 }, blocking(`sha384:${sha384}`)))
  assert.ok(untold instanceof RejectedError && untold.code === 'invalid_argument' && untold.check === 'library', String(untold))
})

test("the caller's time holds for bundles", async () => {
  const verify = (options) => verifier.verifyBundleSync(BYTES, bundle, policy, options)
  const { time } = verify().times[0]
  const before = new Date(Date.parse(time) - 2_000)
  for (const options of [{ now: time }, { now: new Date() }, { now: before, leewaySeconds: 2 }]) assert.ok(verify(options) instanceof Verified)
  assert.equal(thrown(() => verify({ now: before })).code, 'time_mismatch')
  assert.equal((await rejection(verifier.verifyBundle(BYTES, bundle, policy, { now: before }))).code, 'time_mismatch')
  const [one] = await verifier.verifyManyBundles([{ artifact: BYTES, bundles: [bundle], policy }], { now: before })
  assert.equal(one.code, 'time_mismatch')
  assert.equal(verifier.examineBundleSync(BYTES, bundle, policy, { now: before }).verdict, 'time_mismatch')
})

test('of several bundles the first that passes is the answer', async () => {
  const [other] = bundlesFromJsonLines(compact(JSON_TEXT.replaceAll('xOkunsyCi+8q', 'xOkunsyCi+8r')))
  for (const bundles of [[bundle, other], [other, bundle], new Set([other, bundle])]) {
    assert.ok(verifier.verifyBundlesSync(BYTES, bundles, policy) instanceof Verified)
  }
  const refused = await rejection(verifier.verifyBundles(Buffer.from('x'), [bundle, other], policy))
  assert.ok(refused instanceof RejectedError && refused.entryIndex === 0)
  assert.deepEqual(refused.others.map(({ entryIndex }) => entryIndex), [1])
  assert.equal(thrown(() => verifier.verifyBundlesSync(BYTES, [], policy)).code, 'no_signature')
  assert.equal(thrown(() => verifier.verifyBundlesSync(BYTES, [other], policy)).entryIndex, 0)
})

test('many bundles keep their order, and no request keeps another from being judged', async () => {
  const bundles = [bundle]
  const good = { artifact: BYTES, bundles, policy }
  const kinds = [
    ['verified', good],
    ['verified', { ...good, artifact: { sha256 } }],
    ['artifact_mismatch', { ...good, artifact: Buffer.from('x') }],
    ['no_signature', { ...good, bundles: [] }],
    ['malformed_name', { ...good, artifact: 'nginx:1.25' }],
    ['invalid_argument', { ...good, artifact: {} }],
    ['invalid_argument', { ...good, artifact: undefined }],
    ['invalid_argument', { ...good, bundles: [JSON_TEXT] }],
    ['invalid_argument', { ...good, policy: undefined }],
    ['invalid_argument', { ...good, bundle }],
    ['invalid_argument', null],
  ]
  const asked = Array.from({ length: 300 }, (_, index) => kinds[index % kinds.length])
  const told = []
  const results = await verifier.verifyManyBundles(asked.map(([, request]) => request), { progress: (...done) => told.push(done) })
  assert.equal(results.length, asked.length)
  assert.deepEqual(told.at(-1), [300, 300])
  results.forEach((result, index) => {
    const [code, request] = asked[index]
    assert.equal(result instanceof Verified ? 'verified' : result.code, code)
    if (result instanceof MalformedInputError) assert.equal(result.request, index)
    assert.equal(result instanceof MalformedInputError, code.startsWith('malformed') || code === 'invalid_argument', String(request))
  })
  assert.deepEqual(await verifier.verifyManyBundles([]), [])
})

test('a report tells every check and every item of evidence', async () => {
  const report = await verifier.examineBundle(BYTES, bundle, policy)
  assert.ok(report instanceof BundleReport)
  assert.deepEqual([report.verdict, report.instance, report.rejection, report.isOfAnotherInstance], ['verified', 'trusted_root', null, false])
  assert.equal(report.artifact, `sha256:${sha256}`)
  assert.equal(report.checks.length, 10)
  assert.ok(report.checks.every(({ outcome, code }) => outcome === 'passed' && code === null))
  assert.deepEqual(report.evidence.map(({ kind, outcome, position }) => [kind, outcome, position]), [
    ['certificate_timestamp', 'good', 0],
    ['log_entry', 'good', 0],
  ])
  assert.ok(report.evidence.every(({ whose, time, detail }) => whose && time && detail === null))
  assert.equal(report.claims.certificate_identity, IDENTITY)
  assert.match(String(report), /every check passed$/)
  assert.deepEqual(report.toJSON().verdict, 'verified')

  const refused = verifier.examineBundleSync(Buffer.from('x'), bundle, policy)
  assert.equal(refused.verdict, 'artifact_mismatch')
  assert.ok(refused.rejection instanceof RejectedError && refused.rejection.code === 'artifact_mismatch')
  assert.ok(refused.checks.some(({ outcome, code, remedy }) => outcome === 'failed' && code === 'artifact_mismatch' && remedy))
})

test('what a policy does without is warned of', () => {
  const lax = new BundlePolicy({ certificateOidcIssuer: ISSUER, anySignerOfIssuer: true, logEntries: 0, certificateTimestamps: 0 })
  assert.ok(lax.isUnconstrained && !policy.isUnconstrained)
  const { warnings } = verifier.verifyBundleSync(BYTES, bundle, lax)
  assert.deepEqual(warnings, ['signer_unconstrained', 'log_entries_not_asked', 'certificate_timestamps_not_asked'])
})

const CA = ROOT.certificateAuthorities.at(-1)
const own = (log) => ({ baseUrl: log.baseUrl, publicKey: DER(log.publicKey.rawBytes), validFor: log.publicKey.validFor })
const OWN = {
  trustAnchors: DER(CA.certChain.certificates.at(-1).rawBytes),
  intermediates: CA.certChain.certificates.slice(0, -1).map(({ rawBytes }) => DER(rawBytes)),
}

test("the verifier's own anchors, logs and certificate logs are the instance own", () => {
  const logs = ROOT.tlogs.map((log) => LogKey.rekorV1(own(log)))
  const certificateLogs = ROOT.ctlogs.map((log) => LogKey.certificateLog({ ...own(log), operator: 'sigstore.dev' }))
  const judge = (trusted, wanted = policy) => new Verifier(trusted).verifyBundleSync(BYTES, bundle, wanted)
  assert.equal(judge({ ...OWN, logs, certificateLogs }).instance, 'own')
  assert.equal(thrown(() => judge({ ...OWN, logs })).code, 'no_certificate_timestamp')
  assert.ok(thrown(() => judge({ ...OWN, certificateLogs })) instanceof RejectedError)
  const late = ROOT.tlogs.map((log) => LogKey.rekorV1({ ...own(log), validFor: { start: '2025-01-01T00:00:00Z' } }))
  assert.ok(thrown(() => judge({ ...OWN, logs: late, certificateLogs })) instanceof RejectedError)

  // Two instances: each judges alone, and a policy may name one.
  const both = { ...OWN, logs, certificateLogs, trustedRoots: { public: root } }
  assert.equal(judge(both).instance, 'own')
  assert.equal(judge({ ...OWN, trustedRoots: { public: root } }).instance, 'public')
  assert.equal(judge(both, BundlePolicy.forSigstore(IDENTITY, ISSUER, { instance: 'public' })).instance, 'public')
  const nobody = thrown(() => judge(both, BundlePolicy.forSigstore(IDENTITY, ISSUER, { instance: 'other' })))
  assert.ok(nobody instanceof RejectedError, String(nobody))

  const [log] = logs
  assert.deepEqual([log.baseUrl, log.operator, log.validFor.start], [ROOT.tlogs[0].baseUrl, null, '2021-01-12T11:53:27Z'])
  assert.deepEqual(Buffer.from(log.publicKey), DER(ROOT.tlogs[0].publicKey.rawBytes))
  assert.deepEqual(Buffer.from(log.id), DER(ROOT.tlogs[0].logId.keyId))
  assert.equal(certificateLogs[0].operator, 'sigstore.dev')
  const pem = `-----BEGIN PUBLIC KEY-----\n${ROOT.tlogs[0].publicKey.rawBytes}\n-----END PUBLIC KEY-----\n`
  assert.deepEqual(LogKey.rekorV1({ ...own(ROOT.tlogs[0]), publicKey: pem }).publicKey, log.publicKey)
  assert.ok(LogKey.rekorV2({ ...own(ROOT.tlogs[0]), validFor: { start: new Date(0), end: '2030-01-01T00:00:00Z' } }).validFor.end)
})

test('a verifier of a trusted root believes no entry', () => {
  const { entries, policy: records } = vector('accept-nine-claims').build()
  assert.ok(thrown(() => verifier.verifySync(NAME, entries, records)) instanceof RejectedError)
  assert.deepEqual([root.certificateAuthorityCount, root.timestampAuthorityCount, root.logCount, root.certificateLogCount].map((n) => n >= 0), Array(4).fill(true))
  assert.match(inspect(root), /^TrustedRoot \{/)
  assert.ok(String(root).includes('rekor.sigstore.dev'))
  assert.equal(trustedRootsFromJsonLines(`${compact(ROOT_TEXT)}\n\n${compact(ROOT_TEXT)}\n`).length, 2)
})

test('bundles of JSON Lines, strictly and one by one', () => {
  const line = compact(JSON_TEXT)
  assert.equal(bundlesFromJsonLines(`${line}\n${line}\n`).length, 2)
  assert.equal(bundlesFrom(JSON_TEXT).length, 1)
  assert.equal(bundlesFrom(Buffer.from(`${line}\n${line}`)).length, 2)
  const records = readBundles(`${line}\n{}\n${line}`)
  assert.deepEqual(records.map((one) => one instanceof Bundle), [true, false, true])
  assert.ok(records[1] instanceof MalformedInputError && records[1].code === 'malformed_bundle' && records[1].record === 1)
  assert.equal(records[1].stack?.includes('\n    at '), false)
  assert.equal(thrown(() => bundlesFromJsonLines(`${line}\n{}\n`)).record, 1)
})

test('policies tell what they demand', () => {
  const rich = new BundlePolicy({
    certificateOidcIssuer: ISSUER,
    claims: { source_repository: 'a/b', build_trigger: { anyOf: ['push', 'x'] }, source_repository_ref: { glob: 'refs/tags/*' } },
    maxCertificateLifetimeSeconds: 900,
    instance: 'public',
    logEntries: 2,
    signedTimes: 0,
    certificateTimestamps: 3,
    predicateType: 'https://slsa.dev/provenance/v1',
    subjectName: 'pkg:npm/x@1',
    blocklist: [`sha512:${'0'.repeat(128)}`, NAME],
    ignoreUnknownAuthorities: true,
  })
  assert.deepEqual({ ...rich.claims }, {
    source_repository: 'a/b', build_trigger: { anyOf: ['push', 'x'] }, source_repository_ref: { glob: 'refs/tags/*' },
  })
  assert.deepEqual(
    [rich.certificateOidcIssuer, rich.maxCertificateLifetimeSeconds, rich.instance, rich.logEntries, rich.signedTimes, rich.certificateTimestamps],
    [ISSUER, 900, 'public', 2, 0, 3],
  )
  assert.deepEqual([rich.predicateTypes, rich.subjectName, rich.ignoresUnknownAuthorities], [['https://slsa.dev/provenance/v1'], 'pkg:npm/x@1', true])
  assert.equal(rich.blocklist.length, 2)
  assert.deepEqual(BundlePolicy.fromJson(JSON.stringify(rich)).toJSON(), rich.toJSON())
  const { ignoresUnknownAuthorities, predicateTypes } = rich
  assert.ok(ignoresUnknownAuthorities && predicateTypes)

  const defaults = BundlePolicy.forSigstore({ glob: 'https://github.com/a/b/*' }, ISSUER, { claims: { build_trigger: 'push' } })
  assert.deepEqual([defaults.maxCertificateLifetimeSeconds, defaults.logEntries, defaults.signedTimes, defaults.certificateTimestamps], [600, 1, 1, 1])
  assert.deepEqual(Object.keys(defaults.claims).sort(), ['build_trigger', 'certificate_identity'])

  const github = BundlePolicy.forGithub('o/n')
  assert.deepEqual([github.logEntries, github.signedTimes, github.certificateTimestamps], [null, null, null])
  assert.equal(github.claims.source_repository, 'https://github.com/o/n')
  const stricter = BundlePolicy.forGithub('o/n', {
    enterprise: 'acme', claims: { source_repository_ref: 'refs/heads/main' }, logEntries: 1, maxCertificateLifetimeSeconds: 300,
    predicateType: 'x', instance: 'github', certificateTimestamps: 0, subjectName: 's', blocklist: [NAME], ignoreUnknownAuthorities: true,
  })
  assert.equal(stricter.certificateOidcIssuer, `${ISSUER}/acme`)
  assert.deepEqual([stricter.logEntries, stricter.certificateTimestamps, stricter.maxCertificateLifetimeSeconds], [1, 0, 300])
  assert.deepEqual([stricter.predicateTypes, stricter.instance, stricter.subjectName, stricter.blocklist], [['x'], 'github', 's', [NAME]])
  assert.deepEqual(Object.keys(stricter.claims).sort(), ['source_repository', 'source_repository_ref'])
  const release = BundlePolicy.forGithubRelease('o/n')
  assert.deepEqual([release.certificateOidcIssuer, release.predicateTypes], [null, ['https://in-toto.io/attestation/release/v0.2']])
  const pypi = BundlePolicy.forPypi(PypiPublisher.github('o/n', 'release.yml'), 'x-1.0.tar.gz')
  assert.equal(pypi.predicateTypes.length, 2)
  assert.equal(defaults.withPypiDistribution('x-1.0.tar.gz').predicateTypes.length, 2)
  for (const it of [github, release, pypi]) {
    assert.equal(thrown(() => it.toJSON()).code, 'invalid_argument')
    assert.match(inspect(it), /^BundlePolicy \{/)
  }

  const keys = new KeyPolicy({
    keys: [
      { publicKey: DER(ROOT.tlogs[0].publicKey.rawBytes) },
      { publicKey: DER(ROOT.ctlogs[0].publicKey.rawBytes), name: 'k', validFor: { start: new Date(0) } },
    ],
    signedTimes: 0, logEntries: 0, predicateType: 'p', subjectName: 's', instance: 'i', blocklist: [NAME], ignoreUnknownAuthorities: true,
  })
  assert.deepEqual(keys.keys.map(({ name, validFor }) => [name, validFor]), [[null, null], ['k', { start: '1970-01-01T00:00:00Z' }]])
  assert.deepEqual(Buffer.from(keys.keys[0].publicKey), DER(ROOT.tlogs[0].publicKey.rawBytes))
  assert.deepEqual([keys.logEntries, keys.signedTimes, keys.predicateTypes, keys.subjectName, keys.instance, keys.ignoresUnknownAuthorities], [0, 0, ['p'], 's', 'i', true])
  assert.deepEqual([keys.blocklist, KeyPolicy.fromJson(JSON.stringify(keys)).toJSON()], [[NAME], keys.toJSON()])
  assert.match(inspect(keys), /^KeyPolicy \{/)
})

test("the policy of records asks what vouches for the time, and its report tells", () => {
  const { verifier: records, entries, policy: asked } = vector('accept-nine-claims').build()
  assert.equal(asked.timeVoucher, 'recorded')
  const { namespace, certificateOidcIssuer, claims, maxCertificateLifetimeSeconds } = asked
  const demanding = new Policy({ namespace, certificateOidcIssuer, claims, maxCertificateLifetimeSeconds, timeVoucher: 'timestamp_authority' })
  assert.equal(demanding.timeVoucher, 'timestamp_authority')
  assert.equal(demanding.toJSON().time_voucher, 'timestamp_authority')
  assert.equal(thrown(() => records.verifySync(NAME, entries, demanding)).code, 'unvouched_time')
  const report = records.examine(NAME, entries, demanding)
  assert.deepEqual([report.verdict, report.timeVoucher, report.timestamps], ['unvouched_time', 'recorded', []])
})

test('nothing can be changed', async () => {
  const isFixed = (value, seen = new Set()) => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return
    seen.add(value)
    assert.ok(Object.isFrozen(value), inspect(value))
    for (const member of Object.values(value)) isFixed(member, seen)
  }
  const verified = verifier.verifyBundleSync(BYTES, bundle, policy)
  const refused = verifier.examineBundleSync(Buffer.of(), bundle, policy)
  const [{ certChain, validFor }] = ROOT.timestampAuthorities
  const authority = new TimestampAuthority({ chain: certChain.certificates.map(({ rawBytes }) => DER(rawBytes)), validFor })
  assert.equal(authority.certificates.length, certChain.certificates.length)
  assert.deepEqual(authority.validFor, validFor)
  assert.ok(new Verifier({ ...OWN, timestampAuthorities: [authority] }))
  const keys = new KeyPolicy({ keys: [{ publicKey: DER(ROOT.tlogs[0].publicKey.rawBytes) }] })
  for (const value of [verifier, root, bundle, policy, keys, verified, refused, LogKey.rekorV1(own(ROOT.tlogs[0])), PypiPublisher.google('a@b.c'), authority]) {
    const type = Object.getPrototypeOf(value)
    assert.ok(Object.isFrozen(value), type.constructor.name)
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(type))) {
      assert.throws(() => (value[name] = 'other'), TypeError, name)
      assert.throws(() => Object.defineProperty(value, name, { value: 'other' }), TypeError, name)
      if (get !== undefined && name !== 'rejection') isFixed(value[name])
    }
  }
})

test('only a verifier makes results, and only readers bundles, roots and keys', () => {
  for (const type of [Verified, VerifiedEnvelope, BundleReport, Statement, UnverifiedStatement, Bundle, TrustedRoot, LogKey, PypiPublisher]) {
    assert.throws(() => new type(), TypeError, type.name)
    assert.throws(() => new type({}), TypeError, type.name)
    class Other extends type {}
    assert.throws(() => new Other(), TypeError, type.name)
  }
})

withCase('pep740/pypi-attestations-0.0.19-publish', (one) => {
  const [first] = bundlesFrom(one.file(one.pep740.attestation))
  const unverified = first.statement()
  assert.ok(unverified instanceof UnverifiedStatement && first.hasEnvelope)
  assert.ok(unverified.unverified instanceof Statement)
  const { statement, instance } = one.verifier().verifyBundleSync(one.artifactOf(), first, one.wanted())
  assert.ok(statement instanceof Statement && instance)
  assert.equal(statement.predicateType, 'https://docs.pypi.org/attestations/publish/v1')
  const [subject] = statement.subjects
  assert.deepEqual([subject.name, subject.digest.sha256], [one.pep740.dist_name, one.artifact_sha256])
  assert.ok(Object.isFrozen(statement.subjects) && Object.isFrozen(subject) && Object.isFrozen(subject.digest))
  assert.deepEqual(statement.predicate, statement.predicateJson === null ? null : JSON.parse(statement.predicateJson))
  assert.match(inspect(statement), /^Statement \{/)
  assert.equal(Bundle.fromPep740(one.file(one.pep740.attestation)).version, '0.3')

  const envelope = one.verifier().verifyEnvelopeSync(first, BundlePolicy.forSigstore(one.identity, one.issuer))
  assert.ok(envelope instanceof VerifiedEnvelope && !(envelope instanceof Verified))
  assert.equal(envelope.payloadType, 'application/vnd.in-toto+json')
  assert.equal(JSON.parse(Buffer.from(envelope.payload)).predicateType, envelope.statement.predicateType)
  assert.equal(envelope.claims.certificate_identity, one.identity)
  assert.deepEqual([envelope.keyName, envelope.warnings, envelope.instance], [null, [], 'trusted_root'])
  assert.ok(envelope.leaf.length > 0 && envelope.times.length === 1 && envelope.logEntries.length === 1 && envelope.certificateTimestamps.length === 1)
  assert.equal(envelope.toJSON().payload, undefined)
  assert.equal(envelope.toJSON().instance, 'trusted_root')
  assert.match(inspect(envelope), /^VerifiedEnvelope \{/)

  const attestation = JSON.parse(one.file(one.pep740.attestation))
  const provenance = JSON.stringify({ version: 1, attestation_bundles: [{ publisher: { kind: 'x' }, attestations: [attestation, attestation] }, { attestations: [] }] })
  const [publisher, nobody, ...more] = bundlesFromPypiProvenance(provenance)
  assert.deepEqual([publisher.unverifiedPublisher, publisher.bundles.length, more.length], [{ kind: 'x' }, 2, 0])
  assert.deepEqual([nobody.unverifiedPublisher, nobody.bundles], [null, []])
})

withCase('sigstore/npm-sigstore-5.0.0-provenance', (one) => {
  const it = JSON.parse(one.file(one.bundle_file))
  const { predicateType } = JSON.parse(Buffer.from(it.dsseEnvelope.payload, 'base64'))
  const response = (type) => JSON.stringify({ attestations: [{ predicateType: type, bundle: it }] })
  assert.equal(thrown(() => bundlesFromNpm(response('another'))).code, 'malformed_bundle')
  const [attestation, ...more] = bundlesFromNpm(response(predicateType))
  assert.deepEqual([attestation.predicateType, more.length], [predicateType, 0])
  const wanted = BundlePolicy.forSigstore(one.identity, one.issuer, { predicateType })
  assert.ok(one.verifier().verifyBundleSync(one.artifactOf(), attestation.bundle, wanted) instanceof Verified)
  const other = BundlePolicy.forSigstore(one.identity, one.issuer, { predicateType: 'another' })
  assert.equal(thrown(() => one.verifier().verifyBundleSync(one.artifactOf(), attestation.bundle, other)).code, 'predicate_mismatch')
})

test('what a key signed has its name and no claims', { skip: CASES.size === 0 && 'no folder of cases is there' }, () => {
  const one = [...CASES.values()].find(({ key, expect }) => key && expect === 'accept')
  const found = one.wanted().keys[0]
  const named = new KeyPolicy({ keys: [{ publicKey: found.publicKey }], logEntries: one.policy.tlog, signedTimes: one.policy.timestamps })
  const ask = (wanted) => (one.envelope_only ? one.verifier().verifyEnvelopeSync(one.bundle(), wanted) : one.verifier().verifyBundleSync(one.artifactOf(), one.bundle(), wanted))
  const verified = ask(named)
  assert.deepEqual([verified.keyName, verified.leaf.length, { ...verified.claims }], [null, 0, {}])
  if (verified instanceof Verified) assert.deepEqual([verified.isOfKey, verified.path, verified.validity], [true, [], null])
  const hint = one.bundle().keyHint
  if (hint) {
    const key = { publicKey: found.publicKey, name: hint }
    assert.equal(ask(new KeyPolicy({ keys: [key], logEntries: one.policy.tlog, signedTimes: one.policy.timestamps })).keyName, hint)
  }
  assert.equal(thrown(() => ask(policy)).code, 'no_signature')
})

test('a payload of simple signing names an image', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  const type = 'cosign container image signature'
  const payload = { critical: { identity: { 'docker-reference': 'registry/image' }, image: { 'docker-manifest-digest': digest }, type }, optional: null }
  assert.deepEqual(simpleSigning(JSON.stringify(payload)), { imageDigest: digest, dockerReference: 'registry/image' })
  payload.critical.type = 'another'
  assert.equal(thrown(() => simpleSigning(JSON.stringify(payload))).code, 'malformed_bundle')
})
