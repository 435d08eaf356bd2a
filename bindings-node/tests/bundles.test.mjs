// Sigstore bundles, PyPI and npm attestations and GitHub's, of published packages and of other projects' suites: each with what
// it must come to.

import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { CODES, CountermarkError, RejectedError, Verified, VerifiedEnvelope } from 'countermark'
import { ALGORITHMS, cases } from './cases.mjs'

/** Where this library decides otherwise than a manifest expects: the core's test says why. */
const OTHERWISE = ['mutation/pep740-two-entries', 'mutation/v2-root-tlog-expired', 'mutation/v2-root-tsa-leaf-missing']

/** What a build comes to that does not know an algorithm that the case needs. */
const WITHOUT_ALGORITHM = ['invalid_key_type', 'unknown_ca', 'untrusted_log', 'no_certificate_timestamp', 'unvouched_time']

/** What a case comes to in every way to ask, which is the same. */
async function outcome(one) {
  let verifier, bundle, policy
  try {
    verifier = one.verifier()
    bundle = one.bundle()
    policy = one.wanted()
  } catch (error) {
    return [codeOf(error), error.message]
  }
  if (one.envelope_only) {
    const inSync = attempt(() => verifier.verifyEnvelopeSync(bundle, policy))
    const promised = await settled(verifier.verifyEnvelope(bundle, policy))
    assert.equal(codeOf(promised), codeOf(inSync))
    if (promised instanceof VerifiedEnvelope) assert.deepEqual(promised.toJSON(), inSync.toJSON())
    return [codeOf(promised), promised.message]
  }
  const artifact = one.artifactOf()
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
  if (one.artifact) {
    // Of a stream there are digests alone, and Ed25519 signs the file.
    const streamed = await settled(verifier.verifyBundle(createReadStream(join(one.folder, one.artifact)), bundle, policy))
    if (codeOf(streamed) !== code) assert.match(streamed.detail, /Ed25519|bytes/)
  }
  return [code, inSync.message]
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

test('every case comes to what its manifest expects', { timeout: 600_000 }, async (context) => {
  let [ran, withoutAlgorithm] = [0, 0]
  const wrong = []
  for (const one of cases()) {
    const [code, why] = await outcome(one).catch((error) => {
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
    if (one.code !== undefined && one.code !== code && !isKnown) {
      wrong.push(`${one.id}: ${code} where the code is ${one.code}: ${why}`)
    }
    ran += 1
  }
  context.diagnostic(`ran ${ran} cases; ${withoutAlgorithm} more need an algorithm that this build does not have`)
  assert.deepEqual(wrong, [])
})
