// Keys and signatures that `node:crypto` makes verify here, and changed ones do not. The certificates are OpenSSL's.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { X509Certificate, createHash, createPrivateKey, createSign, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { Entry, MalformedInputError, Policy, RejectedError, Verifier } from 'countermark'
import { ISSUER, NAME, thrown } from './common.mjs'

const NOT_BEFORE = new Date('2024-03-22T11:25:40Z')
const REF = 'refs/tags/v1.2.3'
const directory = mkdtempSync(join(tmpdir(), 'countermark-'))
after(() => rmSync(directory, { recursive: true }))

const EXTENSIONS = `
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[bulky_authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
nsComment = ${'bulk'.repeat(6_000)}
[leaf]
keyUsage = critical, digitalSignature
extendedKeyUsage = codeSigning
subjectAltName = critical, URI:https://example.com/build
1.3.6.1.4.1.57264.1.8 = ASN1:UTF8String:${ISSUER}
1.3.6.1.4.1.57264.1.12 = ASN1:UTF8String:example/repository
1.3.6.1.4.1.57264.1.14 = ASN1:UTF8String:${REF}
`

/** Certifies a key of `node:crypto`; of the years an authority is valid, those of the leaf are some minutes. */
function certify({ subject, key, section, by, seconds, signing = [] }) {
  const file = (name, content) => {
    const path = join(directory, name)
    writeFileSync(path, content)
    return path
  }
  const openssl = (...given) => execFileSync('openssl', given, { stdio: ['ignore', 'pipe', 'pipe'] })
  const request = join(directory, 'request.pem')
  const keyFile = file('key.pem', key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  openssl('req', '-new', '-key', keyFile, '-subj', `/CN=${subject}`, '-out', request)
  const authority = file('authority.pem', (by?.key ?? key).privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const stamp = (date) => `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
  const database = file('index.txt', '')
  file('index.txt.attr', 'unique_subject = no\n')
  const config = file(
    'ca.cnf',
    `[ca]\ndefault_ca = own\n[own]\ndatabase = ${database}\nnew_certs_dir = ${directory}\nrand_serial = yes
default_md = sha256\npolicy = any\n[any]\ncommonName = supplied\n${EXTENSIONS}`,
  )
  const out = join(directory, 'certificate.pem')
  const issuer = by === undefined ? ['-selfsign', '-keyfile', authority] : ['-keyfile', authority, '-cert', file('issuer.pem', by.pem)]
  openssl(
    ...['ca', '-batch', '-config', config, '-in', request, '-out', out, '-notext', '-extensions', section, ...issuer],
    ...signing.flatMap((option) => ['-sigopt', option]),
    ...['-startdate', stamp(new Date(NOT_BEFORE - (section === 'leaf' ? 0 : 1_000) * 86_400_000))],
    ...['-enddate', stamp(new Date(Number(NOT_BEFORE) + seconds * 1_000))],
  )
  return { key, pem: readFileSync(out, 'utf8') }
}

const onCurve = (namedCurve) => generateKeyPairSync('ec', { namedCurve })

function authority(subject, key, by, section = 'authority') {
  return certify({ subject, key, section, by, seconds: 1e8 })
}

/** A leaf of this authority, and what its key signs. */
function issue(issuer, { seconds = 300, signing } = {}) {
  const key = onCurve('prime256v1')
  const leaf = certify({ subject: 'leaf', key, section: 'leaf', by: issuer, seconds, signing })
  const chain = [leaf.pem, issuer.pem]
  const entry = ({ signed = NAME, timestamp = new Date(Number(NOT_BEFORE) + 8_000), using = key } = {}) =>
    new Entry({
      namespace: 'ns',
      artifactName: NAME,
      signature: sign('sha256', Buffer.from(signed), using.privateKey),
      certificate: chain.map((pem) => new X509Certificate(pem).raw),
      timestamp,
      revoked: false,
      provenance: { source_repository_ref: REF },
    })
  return { key, leaf, chain, entry }
}

function scene(curve, { seconds, section } = {}) {
  const root = authority('Root', onCurve(curve))
  const intermediate = authority('Intermediate', onCurve(curve), root, section)
  return { root, intermediate, verifier: new Verifier({ trustAnchors: root.pem }), ...issue(intermediate, { seconds }) }
}

const POLICY = new Policy({
  namespace: 'ns',
  certificateOidcIssuer: ISSUER,
  claims: {
    source_repository: 'example/repository',
    source_repository_ref: { glob: 'refs/tags/v*' },
    certificate_identity: 'https://example.com/build',
  },
})

const P256 = scene('prime256v1')

for (const [curve, made] of [['P-256', P256], ['P-384', scene('secp384r1')]]) {
  test(`what node:crypto signs verifies under authorities on ${curve}`, async () => {
    // Signatures differ in length and sign bits: many, so that every form comes up.
    for (let count = 0; count < 30; count += 1) made.verifier.verifySync(NAME, [made.entry()], POLICY)
    const verified = await made.verifier.verify(NAME, [made.entry()], POLICY)
    assert.equal(verified.claims.certificate_identity, 'https://example.com/build')
    assert.deepEqual(verified.path.map(({ subject }) => subject), ['CN=Intermediate', 'CN=Root'])
    const root = new X509Certificate(made.root.pem)
    assert.deepEqual(Buffer.from(verified.path.at(-1).der), root.raw)
    assert.equal(verified.path.at(-1).sha256, root.fingerprint256.replaceAll(':', '').toLowerCase())
    assert.ok(new X509Certificate(verified.leaf).publicKey.equals(made.key.publicKey))
  })
}

test('PEM and base64 are the same to it as DER', () => {
  const { namespace, artifactName, timestamp, revoked, certificates } = P256.entry()
  const key = createPrivateKey(P256.key.privateKey.export({ type: 'sec1', format: 'pem' }))
  const signature = createSign('sha256').update(NAME).sign(key, 'base64')
  const certificate = P256.chain.join('')
  const same = new Entry({ namespace, artifactName, signature, timestamp, revoked, certificate })
  assert.deepEqual(same.certificates, certificates)
  P256.verifier.verifySync(NAME, [same], POLICY)
})

test('what node:crypto signs otherwise does not verify', () => {
  const refused = (code, entry, verifier = P256.verifier) => {
    const error = thrown(() => verifier.verifySync(NAME, [entry], POLICY))
    assert.ok(error instanceof RejectedError)
    assert.equal(error.code, code)
  }
  const other = scene('prime256v1')
  refused('invalid_signature', P256.entry({ signed: `${NAME} ` }))
  refused('invalid_signature', P256.entry({ using: other.key }))
  refused('unknown_ca', other.entry())
  refused('time_mismatch', P256.entry({ timestamp: new Date(NOT_BEFORE - 1) }))
  refused('time_mismatch', P256.entry({ timestamp: new Date(Number(NOT_BEFORE) + 300_001) }))
  const longLived = scene('prime256v1', { seconds: 360 })
  refused('lifetime_too_long', longLived.entry(), longLived.verifier)
  const spki = P256.intermediate.key.publicKey.export({ type: 'spki', format: 'der' })
  const distrusted = [createHash('sha256').update(spki).digest()]
  refused('unknown_ca', P256.entry(), new Verifier({ trustAnchors: P256.root.pem, distrusted }))
})

const PSS = ['rsa_padding_mode:pss', 'rsa_pss_saltlen:digest']
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2_048 })
for (const { algorithm, other, key, signing } of [
  { algorithm: 'rsa_pkcs1_sha256', other: 'rsa_pkcs1_sha384', key: rsa() },
  { algorithm: 'rsa_pss_sha256', other: 'rsa_pkcs1_sha256', key: rsa(), signing: PSS },
  { algorithm: 'ecdsa_p521_sha256', other: 'ecdsa_p521_sha512', key: onCurve('secp521r1') },
  { algorithm: 'ed25519', key: generateKeyPairSync('ed25519') },
]) {
  test(`an authority that signs by ${algorithm} is accepted where the verifier says so`, () => {
    const root = authority('Root', key)
    const made = issue(root, { signing })
    const accepting = (...algorithms) => new Verifier({ trustAnchors: root.pem, acceptedAlgorithms: new Set(algorithms) })
    const code = (verifier, entry) => thrown(() => verifier.verifySync(NAME, [entry], POLICY)).code
    for (const verifier of [accepting(algorithm), accepting('ecdsa_p256_sha256', algorithm, algorithm)]) {
      assert.equal(verifier.verifySync(NAME, [made.entry()], POLICY).path[0].subject, 'CN=Root')
      assert.equal(code(verifier, made.entry({ signed: 'another' })), 'invalid_signature')
    }
    const der = new Verifier({ trustAnchors: new X509Certificate(root.pem).raw, acceptedAlgorithms: [algorithm] })
    der.verifySync(NAME, [made.entry()], POLICY)
    // An anchor with a key of that kind, which did not sign so.
    if (other !== undefined) assert.equal(code(accepting(other), made.entry()), 'unknown_ca')

    for (const refused of [() => new Verifier({ trustAnchors: root.pem }), () => accepting('ecdsa_p256_sha256')]) {
      const error = thrown(refused)
      assert.ok(error instanceof MalformedInputError)
      assert.equal(error.code, 'malformed_trust_anchor')
    }
  })
}

test('what is accepted replaces the default, and must be algorithms', () => {
  const accepting = (acceptedAlgorithms) => new Verifier({ trustAnchors: P256.root.pem, acceptedAlgorithms })
  accepting(['ecdsa_p256_sha256']).verifySync(NAME, [P256.entry()], POLICY)
  accepting(undefined).verifySync(NAME, [P256.entry()], POLICY)
  const others = accepting(['ecdsa_p256_sha384'])
  assert.equal(thrown(() => others.verifySync(NAME, [P256.entry()], POLICY)).code, 'unknown_ca')
  for (const [given, code, message] of [
    [['ecdsa_p256_sha256', 'md5'], 'malformed_trust_anchor', /"md5".*ecdsa_p256_sha256, /],
    [[], 'malformed_trust_anchor', /name at least one/],
    [['\ud800'], 'malformed_trust_anchor', /an item of acceptedAlgorithms is no Unicode text/],
    ['ecdsa_p256_sha256', 'invalid_argument', /acceptedAlgorithms must be an iterable of strings, not string/],
    [[3], 'invalid_argument', /an item of acceptedAlgorithms must be a string, not number/],
    [3, 'invalid_argument', /acceptedAlgorithms must be an iterable/],
    [{}, 'invalid_argument', /acceptedAlgorithms must be an iterable/],
    [null, 'invalid_argument', /acceptedAlgorithms is null/],
  ]) {
    const error = thrown(() => accepting(given))
    assert.ok(error instanceof MalformedInputError)
    assert.equal(error.code, code)
    assert.match(error.message, message)
  }
})

test('results that nobody looked at do not fill the memory, and tell the same as all others', async () => {
  const { root, verifier, entry, key, chain } = scene('prime256v1', { section: 'bulky_authority' })
  const entries = [entry()]
  const first = verifier.verifySync(NAME, entries, POLICY)
  const kept = []
  const before = process.memoryUsage().rss
  // Native memory is not freed until the event loop turns; all of them would be 150 MB.
  for (let count = 0; count < 3_000; count += 1) {
    const verified = verifier.verifySync(NAME, entries, POLICY)
    if (count % 300 === 0) kept.push(verified)
  }
  const grown = process.memoryUsage().rss - before
  assert.ok(grown < 80e6, `${grown} bytes`)
  const [many] = await verifier.verifyMany([{ name: NAME, entries, policy: POLICY }])
  for (const verified of [await verifier.verify(NAME, entries, POLICY), many, ...kept]) {
    assert.deepEqual(verified.toJSON(), first.toJSON())
    assert.deepEqual([`${verified}`, verified.path, verified.validity], [`${first}`, first.path, first.validity])
    assert.equal(verified.entry, entries[0])
  }
  assert.deepEqual(Buffer.from(first.path.at(-1).der), new X509Certificate(root.pem).raw)
  const message = Buffer.from('a file')
  const signed = { message, signature: sign('sha256', message, key.privateKey), certificate: chain.join('') }
  const about = () => verifier.verifyMessageSync({ ...signed, timestamp: NOT_BEFORE, policy: POLICY.signer })
  const [one, another] = [about(), about()]
  for (let times = 0; times < 2; times += 1) assert.deepEqual(one.leaf, another.leaf)
})

test('messages', async () => {
  const message = Buffer.from('a file\0\xff', 'latin1')
  const signed = {
    signature: sign('sha256', message, P256.key.privateKey),
    certificate: P256.chain.join(''),
    timestamp: NOT_BEFORE,
    policy: POLICY.signer,
  }
  const verified = await P256.verifier.verifyMessage({ ...signed, message })
  const sha256 = createHash('sha256').update(message).digest()
  assert.deepEqual(P256.verifier.verifyMessageSync({ ...signed, sha256 }).toJSON(), verified.toJSON())
  assert.deepEqual(Buffer.from(verified.leaf), new X509Certificate(P256.leaf.pem).raw)
  assert.match(`${verified}`, /signed this message/)
  const altered = { ...signed, message: Buffer.from('another') }
  assert.equal(thrown(() => P256.verifier.verifyMessageSync(altered)).code, 'invalid_signature')
  const name = { ...signed, message: Buffer.from(NAME) }
  assert.equal(thrown(() => P256.verifier.verifyMessageSync(name)).code, 'malformed_message')
})
