// Real certificates, messages and signatures of the public-good Sigstore instance.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { MalformedInputError, RejectedError, SignerPolicy, Verifier } from 'countermark'
import { TESTDATA, rejection, thrown, vector } from './common.mjs'

const ARC = '1.3.6.1.4.1.57264.1.'
const NAMES = {
  4: 'build_config_name',
  9: 'build_signer_uri',
  10: 'build_signer_digest',
  11: 'runner_environment',
  12: 'source_repository',
  13: 'source_repository_digest',
  14: 'source_repository_ref',
  15: 'source_repository_identifier',
  16: 'source_repository_owner',
  17: 'source_repository_owner_identifier',
  18: 'build_config_uri',
  19: 'build_config_digest',
  20: 'build_trigger',
  21: 'run_invocation_uri',
  22: 'source_repository_visibility',
  23: 'deployment_environment',
  24: 'token_subject',
}

function cases() {
  const files = [join(TESTDATA, 'sigstore', 'messages.json')]
  const beside = join(TESTDATA, '..', '..', 'shared', 'real', 'public-good.json')
  const elsewhere = process.env.COUNTERMARK_REAL ?? beside
  if (elsewhere !== beside || existsSync(beside)) files.push(elsewhere)
  return files.flatMap((file) => {
    const document = JSON.parse(readFileSync(file, 'utf8'))
    assert.ok(document.cases.length > 0, `${file} has no cases`)
    return document.cases.map((found) => [document, found])
  })
}

/** The claims that a policy may require, by our names. */
function claimsOf({ identity, claims }) {
  const wanted = { certificate_identity: Array.isArray(identity) ? identity[0] : identity }
  for (const [oid, value] of Object.entries(claims)) {
    const number = Number(oid.slice(ARC.length))
    if (number !== 1 && number !== 8) wanted[NAMES[number] ?? oid] = value
  }
  return wanted
}

const OTHERS = new Verifier({ trustAnchors: vector('accept-minimal').value('trust_anchors') })

for (const [document, found] of cases()) {
  test(found.id, async () => {
    const verifier = new Verifier({ trustAnchors: document.trust_anchors })
    const certificateOidcIssuer = found.claims[`${ARC}8`] ?? found.claims[`${ARC}1`]
    const claims = claimsOf(found)
    const maxCertificateLifetimeSeconds = document.max_certificate_lifetime_seconds
    const policy = (changes) =>
      new SignerPolicy({ certificateOidcIssuer, claims, maxCertificateLifetimeSeconds, ...changes })
    const message = Buffer.from(found.message, 'base64')
    const signed = {
      message,
      signature: found.signature,
      certificate: `${found.certificate}\n${found.intermediates ?? ''}`,
      timestamp: found.timestamp,
      policy: policy(),
    }

    const verified = verifier.verifyMessageSync(signed)
    assert.deepEqual({ ...verified.claims }, { ...claims, certificate_oidc_issuer: certificateOidcIssuer })
    assert.deepEqual([verified.artifactName, verified.entry, verified.entryIndex], [null, null, null])
    assert.deepEqual(verified.warnings, [])
    assert.deepEqual((await verifier.verifyMessage(signed)).toJSON(), verified.toJSON())
    const sha256 = createHash('sha256').update(message).digest()
    const digested = await verifier.verifyMessage({ ...signed, message: undefined, sha256 })
    assert.deepEqual(digested.toJSON(), verified.toJSON())

    const refused = async (code, changes, { using = verifier, now } = {}) => {
      const changed = { ...signed, anySignerOfIssuer: true, ...changes }
      for (const error of [
        thrown(() => using.verifyMessageSync(changed, { now })),
        await rejection(using.verifyMessage(changed, { now })),
      ]) {
        assert.ok(error instanceof RejectedError)
        assert.equal(error.code, code)
      }
    }
    const altered = message.length > 0 ? Buffer.from([message[0] ^ 1, ...message.subarray(1)]) : Buffer.of(0)
    await refused('invalid_signature', { message: altered })
    const [notBefore, notAfter] = verified.validity
    for (const timestamp of [notBefore, notAfter]) verifier.verifyMessageSync({ ...signed, timestamp })
    await refused('time_mismatch', { timestamp: notAfter.replace('Z', '.000000001Z') })
    await refused('time_mismatch', { timestamp: '2000-01-01T00:00:00Z' })
    await refused('time_mismatch', { timestamp: notAfter }, { now: new Date(notBefore) })
    await refused('unknown_ca', {}, { using: OTHERS })
    await refused('lifetime_too_long', { policy: policy({ maxCertificateLifetimeSeconds: 1 }) })
    await refused('claims_mismatch', { policy: policy({ claims: { certificate_identity: 'x' } }) })
    await refused('claims_mismatch', { policy: policy({ certificateOidcIssuer: 'https://example.com' }) })
    const corrupted = Buffer.concat([Buffer.from(found.signature, 'base64'), Buffer.of(0)])
    await refused('corrupted_signature', { signature: corrupted })

    const anyone = { ...signed, policy: policy({ claims: undefined }) }
    const malformed = thrown(() => verifier.verifyMessageSync(anyone))
    assert.ok(malformed instanceof MalformedInputError)
    assert.equal(malformed.code, 'malformed_policy')
    assert.equal((await rejection(verifier.verifyMessage(anyone))).code, 'malformed_policy')
    const warned = verifier.verifyMessageSync({ ...anyone, anySignerOfIssuer: true })
    assert.deepEqual(warned.warnings, ['signer_unconstrained'])
  })
}
