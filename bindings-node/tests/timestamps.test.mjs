// Signed timestamps (RFC 3161) that OpenSSL makes raise what vouches for a record's time; others do not.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { Entry, Policy, RejectedError, TimestampAuthority, Verifier } from 'countermark'
import { ISSUER, NAME, thrown } from './common.mjs'

const directory = mkdtempSync(join(tmpdir(), 'countermark-timestamps-'))
after(() => rmSync(directory, { recursive: true }))

const file = (name) => readFileSync(join(directory, name))
const openssl = (given) => execFileSync('openssl', given.split(' '), { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] })

writeFileSync(
  join(directory, 'configuration'),
  `[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[signer]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[leaf]
keyUsage = critical, digitalSignature
extendedKeyUsage = codeSigning
subjectAltName = critical, URI:https://example.com/build
1.3.6.1.4.1.57264.1.8 = ASN1:UTF8String:${ISSUER}
1.3.6.1.4.1.57264.1.12 = ASN1:UTF8String:example/repository
[ts]
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
serial = serial
`,
)
writeFileSync(join(directory, 'serial'), '01\n')
const NEW_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config configuration'
openssl(`req -x509 ${NEW_KEY} -extensions authority -subj /CN=Root -days 3 -keyout root.key -out root.pem`)
for (const name of ['signer', 'leaf']) {
  openssl(`req -new ${NEW_KEY} -subj /CN=${name} -keyout ${name}.key -out ${name}.csr`)
  openssl(
    `x509 -req -in ${name}.csr -CA root.pem -CAkey root.key -CAcreateserial -sha256 -days 1 -extfile configuration -extensions ${name} -out ${name}.pem`,
  )
}
const SIGNATURE = sign('sha256', Buffer.from(NAME), createPrivateKey(file('leaf.key')))
const SIGNED = new Date()

function timestamp(message) {
  writeFileSync(join(directory, 'message'), message)
  openssl('ts -query -data message -sha256 -cert -out query')
  openssl('ts -reply -config configuration -section ts -queryfile query -signer signer.pem -inkey signer.key -out reply')
  return file('reply')
}

const entry = (token) =>
  new Entry({
    namespace: 'ns', artifactName: NAME, signature: SIGNATURE, certificate: String(file('leaf.pem')), timestamp: SIGNED, revoked: false,
    evidence: token && [{ kind: 'rfc3161', token: token.toString('base64') }],
  })
const policy = (timeVoucher) =>
  new Policy({
    namespace: 'ns', certificateOidcIssuer: ISSUER, claims: { source_repository: 'example/repository' },
    maxCertificateLifetimeSeconds: 86_400, timeVoucher,
  })
const HOUR = 3_600_000
const verifier = (start) =>
  new Verifier({
    trustAnchors: String(file('root.pem')),
    timestampAuthorities: [
      new TimestampAuthority({ chain: `${file('signer.pem')}${file('root.pem')}`, validFor: { start: new Date(SIGNED.getTime() + start) } }),
    ],
  })

test('a good timestamp raises what vouches for the time', () => {
  const entries = [entry(timestamp(SIGNATURE))]
  const verified = verifier(-HOUR).verifySync(NAME, entries, policy('timestamp_authority'))
  assert.equal(verified.timeVoucher, 'timestamp_authority')
  const [signed, ...more] = verified.times
  assert.deepEqual([signed.voucher, signed.authority, more.length], ['timestamp_authority', 'CN=signer', 0])
  assert.ok(Math.abs(Date.parse(signed.time) - SIGNED.getTime()) < HOUR)
  const report = verifier(-HOUR).examine(NAME, entries, policy('timestamp_authority'))
  assert.equal(report.timeVoucher, 'timestamp_authority')
  assert.deepEqual(report.timestamps, [{ authority: 'CN=signer', time: signed.time, counts: true, detail: null }])
})

test('a bad timestamp adds nothing and is reported', () => {
  const token = timestamp(SIGNATURE)
  const changed = Buffer.from(token)
  changed[changed.length - 1] ^= 1
  for (const [judge, of] of [
    [verifier(-HOUR), entry()],
    [verifier(-HOUR), entry(timestamp('another signature'))],
    [verifier(-HOUR), entry(changed)],
    [verifier(HOUR), entry(token)],
    [new Verifier({ trustAnchors: String(file('root.pem')) }), entry(token)],
  ]) {
    const verified = judge.verifySync(NAME, [of], policy())
    assert.deepEqual([verified.timeVoucher, verified.times], ['recorded', []])
    const refused = thrown(() => judge.verifySync(NAME, [of], policy('timestamp_authority')))
    assert.ok(refused instanceof RejectedError)
    assert.deepEqual([refused.code, refused.check], ['unvouched_time', 'timestamp'])
    const { timestamps } = judge.examine(NAME, [of], policy())
    assert.equal(timestamps.length, of.evidence.length)
    assert.ok(timestamps.every(({ counts, detail }) => !counts && detail))
  }
})
