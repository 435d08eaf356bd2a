// Wrong types and wrong values where bundles are made and judged: errors that name the argument, each with its code; no crash.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  Bundle,
  BundlePolicy,
  KeyPolicy,
  LogKey,
  MalformedInputError,
  Policy,
  PypiPublisher,
  TimestampAuthority,
  TrustedRoot,
  Verifier,
  bundlesFrom,
  bundlesFromJsonLines,
  bundlesFromNpm,
  bundlesFromPypiProvenance,
  readBundles,
  simpleSigning,
  trustedRootsFromJsonLines,
} from 'countermark'
import { ISSUER, NAME, rejection, thrown, vector } from './common.mjs'
import { BYTES, IDENTITY, JSON_TEXT, ROOT_TEXT, bundle, policy, root, verifier } from './peer.mjs'

const SURROGATE = '\ud800'
const PEM = vector('accept-nine-claims').value('trust_anchors')
const ROOT = JSON.parse(ROOT_TEXT)
const KEY = Buffer.from(ROOT.tlogs[0].publicKey.rawBytes, 'base64')
const CHAIN = ROOT.timestampAuthorities[0].certChain.certificates.map(({ rawBytes }) => Buffer.from(rawBytes, 'base64'))
const validFor = { start: '2021-01-01T00:00:00Z' }

const NO_TEXT = [undefined, null, 1, true, Buffer.from('x'), ['x'], {}, Object('x'), Symbol('x'), () => 'x', 1n]
const NO_JSON = [undefined, null, 1, true, {}, [], ['x'], new ArrayBuffer(2), new Uint16Array(2)]
const NO_DEMANDS = [null, 1, 'x', [], () => {}, new Map(), { logEntry: 1 }, { logEntries: '1' }, { logEntries: null }, { blocklist: NAME }]
const NO_PERIOD = [undefined, null, 1, '2021-01-01T00:00:00Z', {}, { start: 1 }, { begin: 'x' }, { start: new Date(0), end: null }]

const log = (changes) => ({ baseUrl: 'https://log.example', publicKey: KEY, validFor, ...changes })
const made = (changes) => new BundlePolicy({ certificateOidcIssuer: ISSUER, claims: { source_repository: 'x' }, ...changes })
const keyed = (changes, demands) => new KeyPolicy({ keys: [{ publicKey: KEY, ...changes }], ...demands })
const verify = ({ artifact = BYTES, it = bundle, wanted = policy, options } = {}) => verifier.verifyBundleSync(artifact, it, wanted, options)

/** Calls, each with what its error's detail must name. */
const WRONG_TYPES = {
  trust: [
    ...NO_JSON.map((value) => ['data', () => TrustedRoot.fromJson(value)]),
    ...NO_JSON.map((value) => ['data', () => trustedRootsFromJsonLines(value)]),
    ...[null, 1, 'x', root, [], new Map(), ['x']].map((value) => ['trustedRoots', () => new Verifier({ trustedRoots: value })]),
    ['trustedRoots', () => new Verifier({ trustedRoots: {} })],
    ...[null, undefined, {}, ROOT_TEXT, Object.create(TrustedRoot.prototype)].map((value) => ['trustedRoots.it', () => new Verifier({ trustedRoots: { it: value } })]),
    ...[null, undefined, {}, ROOT_TEXT].map((value) => ['root', () => Verifier.fromTrustedRoot(value)]),
    ['trustAnchors', () => new Verifier({})],
    ['intermediates', () => new Verifier({ trustedRoots: { it: root }, intermediates: PEM })],
    ['logs', () => new Verifier({ trustedRoots: { it: root }, logs: [] })],
    ['certificateLogs', () => new Verifier({ trustedRoots: { it: root }, certificateLogs: [] })],
    ['timestampAuthorities', () => new Verifier({ trustedRoots: { it: root }, timestampAuthorities: [] })],
    ...[null, 1, 'x', {}, LogKey.rekorV1(log())].map((value) => ['logs', () => new Verifier({ trustAnchors: PEM, logs: value })]),
    ...[null, 1, 'x', KEY, {}].map((value) => ['logs', () => new Verifier({ trustAnchors: PEM, logs: [value] })]),
    ...[null, KEY].map((value) => ['certificateLogs', () => new Verifier({ trustAnchors: PEM, certificateLogs: [value] })]),
    ...[null, CHAIN].map((value) => ['timestampAuthorities', () => new Verifier({ trustAnchors: PEM, timestampAuthorities: [value] })]),
    ...[undefined, null, 1, KEY, []].map((value) => ['a log', () => LogKey.rekorV2(value)]),
    ...NO_TEXT.map((value) => ['baseUrl', () => LogKey.rekorV1(log({ baseUrl: value }))]),
    ...[undefined, null, 1, [KEY], {}].map((value) => ['publicKey', () => LogKey.certificateLog(log({ publicKey: value }))]),
    ...NO_PERIOD.map((value) => [/validFor|^end is null/, () => LogKey.rekorV1(log({ validFor: value }))]),
    ...[null, 1, {}].map((value) => ['operator', () => LogKey.rekorV1(log({ operator: value }))]),
    ...NO_PERIOD.map((value) => [/validFor|^end is null/, () => new TimestampAuthority({ chain: CHAIN, validFor: value })]),
    ...[undefined, null, 1, {}, ['x']].map((value) => ['chain', () => new TimestampAuthority({ chain: value, validFor })]),
  ],
  bundles: [
    ...[Bundle.fromJson, Bundle.fromPep740, Bundle.fromCosign, bundlesFrom, bundlesFromJsonLines, readBundles, bundlesFromNpm, bundlesFromPypiProvenance]
      .flatMap((read) => NO_JSON.map((value) => ['data', () => read(value)])),
    ...NO_JSON.map((value) => ['payload', () => simpleSigning(value)]),
    ...[undefined, null, 'x', []].map((value) => ['parts', () => Bundle.fromCosignParts(value)]),
    ['signature', () => Bundle.fromCosignParts({})],
    ['signature', () => Bundle.fromCosignParts({ signature: 'eA==', envelope: '{}' })],
    ...['signature', 'envelope', 'certificate', 'chain', 'rekorBundle', 'timestamp'].flatMap((name) =>
      [null, 1, {}].map((value) => [name, () => Bundle.fromCosignParts({ signature: 'eA==', [name]: value })]),
    ),
    ['parts', () => Bundle.fromCosignParts({ signature: 'eA==', cert: '' })],
  ],
  policies: [
    ...[undefined, null, 1, [], 'x', policy, {}].map((value) => [/policy|certificateOidcIssuer/, () => new BundlePolicy(value)]),
    ...NO_TEXT.map((value) => ['certificateOidcIssuer', () => made({ certificateOidcIssuer: value })]),
    ...[null, 0, 'true'].map((value) => ['noCertificateOidcIssuer', () => made({ noCertificateOidcIssuer: value })]),
    ...[null, 0, 'true'].map((value) => ['anySignerOfIssuer', () => made({ anySignerOfIssuer: value })]),
    ...[null, 'x', [], [['source_repository', 'x']]].map((value) => ['claims', () => made({ claims: value })]),
    ['claims.source_repository', () => made({ claims: { source_repository: 1 } })],
    ...['maxCertificateLifetimeSeconds', 'logEntries', 'signedTimes', 'certificateTimestamps'].flatMap((name) =>
      [null, '1', 1n, true, []].map((value) => [name, () => made({ [name]: value })]),
    ),
    ...['instance', 'predicateType', 'subjectName'].flatMap((name) => [null, 1, [], {}].map((value) => [name, () => made({ [name]: value })])),
    ...[null, NAME, [1], {}].map((value) => ['blocklist', () => made({ blocklist: value })]),
    ...[null, 1, 'x'].map((value) => ['ignoreUnknownAuthorities', () => made({ ignoreUnknownAuthorities: value })]),
    ['certificate_oidc_issuer', () => new BundlePolicy({ certificate_oidc_issuer: ISSUER })],
    ...NO_JSON.map((value) => ['data', () => BundlePolicy.fromJson(value)]),
    ...[undefined, null, 1, {}, { glob: 1 }].map((value) => ['identity', () => BundlePolicy.forSigstore(value, ISSUER)]),
    ...NO_TEXT.map((value) => ['certificateOidcIssuer', () => BundlePolicy.forSigstore(IDENTITY, value)]),
    ['certificate_identity', () => BundlePolicy.forSigstore(IDENTITY, ISSUER, { claims: { certificate_identity: 'x' } })],
    ...NO_TEXT.map((value) => ['repository', () => BundlePolicy.forGithub(value)]),
    ...NO_TEXT.map((value) => ['repository', () => BundlePolicy.forGithubRelease(value)]),
    ...[null, 1].map((value) => ['enterprise', () => BundlePolicy.forGithub('o/n', { enterprise: value })]),
    ...[undefined, null, {}, { kind: 'GitHub' }].map((value) => ['publisher', () => BundlePolicy.forPypi(value, 'x-1.0.tar.gz')]),
    ...NO_TEXT.map((value) => ['fileName', () => BundlePolicy.forPypi(PypiPublisher.google('a@b.c'), value)]),
    ...NO_TEXT.map((value) => ['fileName', () => policy.withPypiDistribution(value)]),
    ...NO_DEMANDS.flatMap((value) => [
      [/demands|logEntries|blocklist/, () => BundlePolicy.forSigstore(IDENTITY, ISSUER, value)],
      [/demands|logEntries|blocklist/, () => BundlePolicy.forGithub('o/n', value)],
      [/demands|logEntries|blocklist/, () => BundlePolicy.forGithubRelease('o/n', value)],
      [/demands|logEntries|blocklist/, () => BundlePolicy.forPypi(PypiPublisher.google('a@b.c'), 'x-1.0.tar.gz', value)],
    ]),
    ...NO_TEXT.map((value) => ['repository', () => PypiPublisher.github(value, 'release.yml')]),
    ...NO_TEXT.map((value) => ['workflow', () => PypiPublisher.github('o/n', value)]),
    ...NO_TEXT.map((value) => ['workflowFilepath', () => PypiPublisher.gitlab('o/n', value)]),
    ...NO_TEXT.map((value) => ['email', () => PypiPublisher.google(value)]),
    ...NO_TEXT.map((value) => ['pipelineDefinitionId', () => PypiPublisher.circleci('ab', value)]),
    ...[undefined, null, 1, [], KEY].map((value) => ['a policy for keys', () => new KeyPolicy(value)]),
    ...[undefined, null, 1, KEY, {}, 'x'].map((value) => ['keys', () => new KeyPolicy({ keys: value })]),
    ...[undefined, null, KEY, 'x', []].map((value) => ['a key', () => new KeyPolicy({ keys: [value] })]),
    ...[undefined, null, 1, {}].map((value) => ['publicKey', () => keyed({ publicKey: value })]),
    ...[null, 1, {}].map((value) => ['name', () => keyed({ name: value })]),
    ...NO_PERIOD.slice(1).map((value) => [/validFor|^end is null/, () => keyed({ validFor: value })]),
    ['certificateTimestamps', () => keyed({}, { certificateTimestamps: 1 })],
    ['claims', () => keyed({}, { claims: {} })],
    ...NO_JSON.map((value) => ['data', () => KeyPolicy.fromJson(value)]),
    ...NO_JSON.map((value) => ['data', () => KeyPolicy.fromNpmKeys(value)]),
    ['timeVoucher', () => new Policy({ namespace: 'ns', certificateOidcIssuer: ISSUER, timeVoucher: 1 })],
    ['timeVoucher', () => new Policy({ namespace: 'ns', certificateOidcIssuer: ISSUER, timeVoucher: null })],
  ],
  verify: [
    ...[undefined, null, 1, true, [], [BYTES], new ArrayBuffer(2), new Uint16Array(2), new Map(), () => {}, Object('x'), new DataView(new ArrayBuffer(1)), new Date(0)].map(
      (value) => ['artifact', () => (value === undefined ? verifier.verifyBundleSync(value, bundle, policy) : verify({ artifact: value }))],
    ),
    ...[{}, { sha1: 'x' }, { sha256: null }, { sha256: 1 }, { sha256: ['x'] }, { sha256: '' }, { sha256: 'ab' }, { sha256: Buffer.alloc(31) }, { sha384: 'x'.repeat(96) }, { sha256: `sha256:${'0'.repeat(64)}` }].map(
      (value) => [/artifact|sha|digest/, () => verify({ artifact: value })],
    ),
    ...[null, {}, JSON_TEXT, [bundle], Object.create(Bundle.prototype), new Proxy(bundle, {})].map((value) => ['bundle', () => verify({ it: value })]),
    ...[null, {}, 'x', new Policy({ namespace: 'ns', certificateOidcIssuer: ISSUER }), Object.create(BundlePolicy.prototype), new Proxy(policy, {}), Object.create(KeyPolicy.prototype)].map(
      (value) => ['policy', () => verify({ wanted: value })],
    ),
    ...[null, 1, 'x', [], { nowe: 'x' }, { now: null }, { now: 1 }, { leewaySeconds: 1 }, { now: new Date(), leewaySeconds: -1 }].map(
      (value) => [/options|now|leewaySeconds/, () => verify({ options: value })],
    ),
    ...[undefined, null, bundle, JSON_TEXT, {}, [JSON_TEXT], [null], [, bundle]].map((value) => ['bundles', () => verifier.verifyBundlesSync(BYTES, value, policy)]),
    ['bundles', () => verifier.verifyBundlesSync(BYTES, [bundle].values().filter?.(() => false) ?? [].values(), policy)],
    ...[null, {}].map((value) => ['bundle', () => verifier.verifyEnvelopeSync(value, policy)]),
    ...[null, {}].map((value) => ['policy', () => verifier.verifyEnvelopeSync(bundle, value)]),
    ...[null, {}].map((value) => ['bundle', () => verifier.examineBundleSync(BYTES, value, policy)]),
    ...[null, {}].map((value) => ['policy', () => verifier.examineBundleSync(BYTES, bundle, value)]),
  ],
}

for (const [what, calls] of Object.entries(WRONG_TYPES)) {
  test(`wrong types and misspelt members: ${what}`, () => {
    for (const [named, call] of calls) {
      const error = thrown(call)
      assert.ok(error instanceof MalformedInputError, `${call}: ${error.stack}`)
      assert.equal(error.code, 'invalid_argument', `${call}: ${error}`)
      if (named instanceof RegExp) assert.match(error.detail, named, String(call))
      else assert.ok(error.detail.includes(named), `${call}: ${error} does not name ${named}`)
      assert.ok(error.message.length < 1_000)
    }
  })
}

test('what the promises are rejected with', async () => {
  for (const promise of [
    verifier.verifyBundle(1, bundle, policy),
    verifier.verifyBundle(BYTES, {}, policy),
    verifier.verifyBundle(BYTES, bundle, {}),
    verifier.verifyBundle(BYTES, bundle, policy, { now: 1 }),
    verifier.verifyBundles(BYTES, bundle, policy),
    verifier.verifyEnvelope({}, policy),
    verifier.examineBundle(BYTES, bundle, {}),
    verifier.verifyManyBundles(1),
    verifier.verifyManyBundles([], { progress: 1 }),
  ]) {
    const error = await rejection(promise)
    assert.ok(error instanceof MalformedInputError && error.code === 'invalid_argument', String(error))
  }
})

const values = (code, make, wrong) => wrong.map((value) => [code, () => make(value)])

test('wrong values', () => {
  const texts = ['', 'x', '{}', '[]', 'null', SURROGATE, Buffer.from([0xff]), '{"mediaType": "x"}']
  for (const [code, call] of [
    ...values('malformed_trusted_root', TrustedRoot.fromJson, [...texts, JSON_TEXT, ROOT_TEXT.replace('"tlogs"', '"tlog"')]),
    ...values('malformed_trusted_root', trustedRootsFromJsonLines, texts),
    ...values('malformed_trusted_root', (name) => new Verifier({ trustedRoots: { [name]: root } }), ['', 'own', SURROGATE, 'x'.repeat(100_000)]),
    ...values('malformed_bundle', Bundle.fromJson, [...texts, ROOT_TEXT, JSON_TEXT.replace('"mediaType"', '"mediatype"'), `${JSON_TEXT}x`]),
    ...values('malformed_bundle', Bundle.fromPep740, [...texts, JSON_TEXT]),
    ...values('malformed_bundle', Bundle.fromCosign, [...texts, JSON_TEXT]),
    ...values('malformed_bundle', bundlesFrom, texts.slice(1)),
    ...values('malformed_bundle', bundlesFromNpm, texts),
    ...values('malformed_bundle', bundlesFromPypiProvenance, texts),
    ...values('malformed_bundle', simpleSigning, texts),
    ...values('malformed_bundle', (signature) => Bundle.fromCosignParts({ signature }), ['', '*', SURROGATE]),
    ...values('malformed_bundle', (certificate) => Bundle.fromCosignParts({ signature: 'eA==', certificate }), ['x', PEM.slice(0, 100)]),
    ...values('malformed_trust_anchor', (publicKey) => LogKey.rekorV1(log({ publicKey })), ['', 'x', PEM, SURROGATE, Buffer.of(), Buffer.from('x')]),
    ...values('malformed_trust_anchor', (baseUrl) => LogKey.rekorV2(log({ baseUrl })), ['', SURROGATE]),
    ...values('malformed_trust_anchor', (start) => LogKey.rekorV1(log({ validFor: { start } })), ['', 'x', '2021-01-01', new Date(NaN)]),
    ...values('malformed_trust_anchor', (end) => LogKey.rekorV1(log({ validFor: { start: new Date(0), end } })), ['', new Date(NaN)]),
    ...values('malformed_trust_anchor', (chain) => new TimestampAuthority({ chain, validFor }), ['', 'x', PEM, [], CHAIN[0], CHAIN.toReversed(), [Buffer.of()]]),
    ...values('malformed_trust_anchor', (key) => new Verifier({ trustAnchors: PEM, logs: [key] }), [LogKey.certificateLog(log())]),
    ...values('malformed_trust_anchor', (key) => new Verifier({ trustAnchors: PEM, certificateLogs: [key] }), [LogKey.rekorV1(log())]),
    ...values('malformed_policy', BundlePolicy.fromJson, [...texts, `{"certificate_oidc_issuer": "${ISSUER}"}`]),
    ...values('malformed_policy', KeyPolicy.fromJson, [...texts, '{"keys": []}']),
    ...values('malformed_policy', KeyPolicy.fromNpmKeys, [...texts, '{"keys": []}']),
    ...values('malformed_policy', (certificateOidcIssuer) => made({ certificateOidcIssuer }), ['', SURROGATE]),
    ...values('malformed_policy', (claims) => made({ claims }), [{}, { source_repo: 'x' }, { source_repository: { glob: '**/x' } }, { certificate_oidc_issuer: 'x' }]),
    ...values('malformed_policy', (noCertificateOidcIssuer) => made({ noCertificateOidcIssuer }), [true]),
    ...['logEntries', 'signedTimes', 'certificateTimestamps'].flatMap((name) =>
      [-1, 33, 0.5, NaN, Infinity, 2 ** 32].flatMap((value) => [
        ...values('malformed_policy', (count) => made({ [name]: count }), [value]),
        ...values('malformed_policy', (count) => BundlePolicy.forGithub('o/n', { [name]: count }), [value]),
      ]),
    ),
    ...[0, 34_560_001, 0.5, NaN].map((seconds) => ['malformed_policy', () => BundlePolicy.forGithub('o/n', { maxCertificateLifetimeSeconds: seconds })]),
    ...values('malformed_policy', (item) => made({ blocklist: [item] }), ['', 'x', 'nginx:1.25', `sha1:${'0'.repeat(40)}`, SURROGATE]),
    ...values('malformed_policy', (repository) => BundlePolicy.forGithub(repository), ['', 'o', 'o/n/x', 'o/..', 'https://github.com/o/n', SURROGATE]),
    ...values('malformed_policy', (enterprise) => BundlePolicy.forGithub('o/n', { enterprise }), ['', 'a/b']),
    ...values('malformed_policy', (claims) => BundlePolicy.forGithub('o/n', { claims }), [{ source_repository: 'https://github.com/x/y' }]),
    ...values('malformed_policy', (fileName) => BundlePolicy.forPypi(PypiPublisher.google('a@b.c'), fileName), ['', 'x', 'x.zip']),
    ...values('malformed_policy', (workflow) => PypiPublisher.github('o/n', workflow), ['', 'a/b.yml']),
    ...values('malformed_policy', (publicKey) => keyed({ publicKey }), ['', 'x', PEM, Buffer.of(), SURROGATE]),
    ...values('malformed_policy', (name) => keyed({ name }), ['', SURROGATE]),
    ...values('malformed_policy', (end) => keyed({ validFor: { start: new Date(1_000), end } }), [new Date(0), 'x']),
    ...values('malformed_policy', (keys) => new KeyPolicy({ keys }), [[]]),
    ...values('malformed_policy', (timeVoucher) => new Policy({ namespace: 'ns', certificateOidcIssuer: ISSUER, timeVoucher }), ['', 'log', 'caller']),
    ...values('malformed_name', (artifact) => verify({ artifact }), ['', 'x', 'nginx:1.25', SURROGATE]),
  ]) {
    const error = thrown(call)
    assert.ok(error instanceof MalformedInputError, `${call}: ${error.stack}`)
    assert.equal(error.code, code, `${call}: ${error}`)
    assert.ok(error.message.length < 1_000)
  }
})

test('bytes that are lost or change while they are asked for', () => {
  const gone = new Uint8Array(BYTES)
  structuredClone(gone.buffer, { transfer: [gone.buffer] })
  for (const call of [() => verify({ artifact: gone }), () => Bundle.fromJson(gone), () => TrustedRoot.fromJson(gone)]) {
    assert.equal(thrown(call).code, 'invalid_argument')
  }
  const shrinking = new Uint8Array(new ArrayBuffer(0, { maxByteLength: 8 }))
  assert.equal(thrown(() => verify({ artifact: shrinking })).code, 'invalid_argument')
})

test('what is asked does not change once it was asked', async () => {
  const bytes = Buffer.from(BYTES)
  const asked = verifier.verifyBundle(bytes, bundle, policy)
  const bundles = [bundle]
  const other = verifier.verifyBundles(bytes, bundles, policy)
  const many = verifier.verifyManyBundles([{ artifact: bytes, bundles, policy }])
  bytes.fill(0)
  bundles.length = 0
  const [one] = await many
  assert.deepEqual([(await asked).instance, (await other).instance, one.instance], Array(3).fill('trusted_root'))

  // A getter that changes the bytes beside it.
  const late = Buffer.from(BYTES)
  const options = Object.defineProperty({}, 'now', {
    enumerable: true,
    get() {
      late.fill(0)
      return new Date()
    },
  })
  assert.equal(thrown(() => verify({ artifact: late, options })).code, 'artifact_mismatch')
})
