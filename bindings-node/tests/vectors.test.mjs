// Every vector, through the public API.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CountermarkError, MalformedInputError, RejectedError, Verified } from 'countermark'
import { members, rejection, thrown, vectors } from './common.mjs'

const VECTORS = vectors()

function isRefusedAsExpected(error, vector) {
  assert.ok(error instanceof CountermarkError && error instanceof Error, String(error))
  assert.equal(error.code, vector.expected)
  assert.ok(error.message.includes(error.code) && error.message.includes(error.remedy))
  assert.ok(error instanceof (vector.expected.startsWith('malformed_') ? MalformedInputError : RejectedError))
}

function isVerified(verified, vector) {
  assert.ok(verified instanceof Verified)
  assert.equal(verified.artifactName, vector.name)
}

test('there are as many as there should be', () => {
  assert.ok(VECTORS.length >= 107)
})

for (const vector of VECTORS) {
  test(vector.id, async () => {
    if (vector.expected === 'verified') {
      isVerified(vector.verifySync(), vector)
      isVerified(await vector.verify(), vector)
    } else {
      isRefusedAsExpected(thrown(() => vector.verifySync()), vector)
      isRefusedAsExpected(await rejection(vector.verify()), vector)
    }
    if (vector.expected.startsWith('malformed_')) return
    assert.equal(vector.examine().verdict, vector.expected)
    const { verifier, entries, policy } = vector.build()
    const [result, ...more] = await verifier.verifyMany([{ name: vector.name, entries, policy }], vector.options)
    assert.equal(more.length, 0)
    if (vector.expected === 'verified') {
      isVerified(result, vector)
      assert.deepEqual(result.toJSON(), vector.verifySync().toJSON())
    } else isRefusedAsExpected(result, vector)
  })
}

test('repeated members survive the reading of a vector', () => {
  const document = '{"policy": {"a": "}\\"", "a": {"b": 2, "b": [3, 4]}}, "id": "x, y", "n": 1 }'
  assert.deepEqual(
    [...members(document)],
    [
      ['policy', '{"a": "}\\"", "a": {"b": 2, "b": [3, 4]}}'],
      ['id', '"x, y"'],
      ['n', '1'],
    ],
  )
})
