// Promises, worker threads, many artifacts at once, memory.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'

import { Entry, Log, MalformedInputError, RejectedError, Verified } from 'countermark'
import { NAME, OTHER, rejection, vector } from './common.mjs'

const { verifier, entries, policy } = vector('accept-nine-claims').build()

function requests(count) {
  return Array.from({ length: count }, (_, index) => ({ name: index % 3 ? NAME : OTHER, entries, policy }))
}

function check(results, count) {
  assert.equal(results.length, count)
  results.forEach((result, index) => {
    if (index % 3) assert.ok(result instanceof Verified && result.artifactName === NAME)
    else assert.ok(result instanceof RejectedError && result.code === 'no_signature')
  })
}

for (const count of [0, 1, 15, 17, 500]) {
  test(`${count} keep their order`, async () => {
    check(await verifier.verifyMany(requests(count).values()), count)
  })
}

test('progress is told, and at the end', async () => {
  const told = []
  await verifier.verifyMany(requests(1_000), { progress: (done, of) => told.push([done, of]) })
  assert.ok(told.length > 1)
  assert.deepEqual(told.at(-1), [1_000, 1_000])
  assert.deepEqual(told, [...told].sort(([a], [b]) => a - b))
})

test('one malformed request is its own result and ends nothing', async () => {
  const good = { name: NAME, entries, policy }
  const bad = [
    ['malformed_name', { ...good, name: 'nginx:1.25' }],
    ['malformed_name', { ...good, name: '\ud800' }],
    ['invalid_argument', NAME],
    ['invalid_argument', null],
    ['invalid_argument', undefined],
    ['invalid_argument', [NAME, entries, policy]],
    ['invalid_argument', {}],
    ['invalid_argument', { ...good, polcy: policy }],
    ['invalid_argument', { ...good, name: 1 }],
    ['invalid_argument', { ...good, entries: [new Error()] }],
    ['invalid_argument', { ...good, entries: [, entries[0]] }],
    ['invalid_argument', { ...good, entries: NAME }],
    ['invalid_argument', { ...good, policy: policy.signer }],
    ['invalid_argument', { ...good, policy: undefined }],
  ]
  // First, last, alone, side by side, and over more than one part.
  const mixed = [...bad.map(([, request]) => request), good, ...bad.flatMap(([, request]) => [good, request])]
  for (const asked of [mixed, bad.map(([, request]) => request), [...mixed, ...Array(400).fill(good), ...mixed]]) {
    const told = []
    const results = await verifier.verifyMany(asked, { progress: (done, of) => told.push([done, of]) })
    assert.equal(results.length, asked.length)
    assert.deepEqual(told.at(-1), [asked.length, asked.length])
    asked.forEach((request, index) => {
      const result = results[index]
      if (request === good) assert.ok(result instanceof Verified && result.entry === entries[0])
      else {
        assert.ok(result instanceof MalformedInputError && !(result instanceof RejectedError), `${index}: ${result}`)
        assert.equal(result.code, bad.find(([, one]) => one === request)[0])
        assert.deepEqual([result.request, result.record, result.toJSON().request], [index, null, index])
        assert.match(result.message, new RegExp(`: request ${index}: `))
      }
    })
  }
  const [alone] = await verifier.verifyMany([{ ...good, name: 'nginx:1.25' }])
  assert.equal(alone.request, 0)
})

test('requests may share their entries, and none is asked of them twice', async () => {
  const log = new Log('example-ns')
  for (const entry of entries) log.append(entry)
  let iterated = 0
  const counted = {
    *[Symbol.iterator]() {
      iterated += 1
      yield* entries
    },
  }
  for (const shared of [entries, log, counted, entries.values(), new Set(entries)]) {
    const results = await verifier.verifyMany(Array(300).fill({ name: NAME, entries: shared, policy }))
    assert.ok(results.every((result) => result instanceof Verified && result.entryIndex === 0 && result.entry instanceof Entry))
  }
  assert.equal(iterated, 1)
})

test('entries that change while they are asked for are those that stood there in the end, for every request', async () => {
  const [entry] = entries
  const revoked = new Entry({
    namespace: entry.namespace, artifactName: entry.artifactName, signature: entry.signature, certificate: entry.certificates,
    timestamp: entry.timestamp, revoked: true,
  })
  const list = [entry]
  const request = () => ({ name: NAME, policy, entries: list })
  const late = Object.defineProperty(request(), 'policy', {
    enumerable: true,
    get() {
      list.push(revoked)
      return policy
    },
  })
  const results = await verifier.verifyMany([request(), late, request()])
  assert.deepEqual(results.map(({ code }) => code), Array(3).fill('revoked_signature'))
})

test('ten thousand requests over ten thousand entries take little more than both', { timeout: 240_000 }, async () => {
  const script = fileURLToPath(new URL('shared.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script])
  const { rejected, mebibytes } = JSON.parse(stdout)
  assert.equal(rejected, 10_000)
  assert.ok(mebibytes < 250, `${mebibytes} MiB`)
})

test('a log of nothing but faults costs neither seconds nor memory', { timeout: 120_000 }, async () => {
  const script = fileURLToPath(new URL('faults.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, '1000000'])
  const { count, seconds, mebibytes } = JSON.parse(stdout)
  assert.equal(count, 1_001, 'a thousand faults, and that reading stopped')
  assert.ok(seconds < 4, `${seconds} s`)
  assert.ok(mebibytes < 200, `${mebibytes} MiB`)
})

test('what the callback throws ends the call', async () => {
  class Stop extends Error {}
  let calls = 0
  const stop = () => {
    calls += 1
    throw new Stop()
  }
  assert.ok((await rejection(verifier.verifyMany(requests(1_000), { progress: stop }))) instanceof Stop)
  assert.ok((await rejection(verifier.verifyMany(requests(1_000), { progress: async () => stop() }))) instanceof Stop)
  assert.equal(calls, 2)
})

test("the caller's time holds for all", async () => {
  const results = await verifier.verifyMany(requests(20), { now: new Date(0) })
  assert.deepEqual([...new Set(results.map((result) => result.code))], ['no_signature', 'time_mismatch'])
})

test('what is asked does not change once it was asked', async () => {
  const given = [...entries]
  const asked = verifier.verify(NAME, given, policy)
  given.length = 0
  assert.equal((await asked).entry, entries[0])
})

test('the event loop turns while artifacts are verified', async () => {
  let turns = 0
  const timer = setInterval(() => (turns += 1), 1)
  await verifier.verifyMany(requests(1_000))
  assert.ok(turns > 3, `${turns} turns`)
  turns = 0
  for (let count = 0; count < 30; count += 1) await verifier.verify(NAME, entries, policy)
  clearInterval(timer)
  assert.ok(turns > 3, `${turns} turns`)
})

test('all cores are used', { skip: cpus().length < 2 && 'there is one core' }, async () => {
  const [before, start] = [process.cpuUsage(), performance.now()]
  await verifier.verifyMany(requests(1_500))
  const elapsed = (performance.now() - start) * 1_000
  const { user, system } = process.cpuUsage(before)
  // Others may be busy on the same cores: more work than time passed is enough to tell.
  assert.ok(user + system > 1.05 * elapsed || loadavg()[0] > cpus().length)
})

test('many promises at once', async () => {
  const answers = await Promise.allSettled(requests(90).map((one) => verifier.verify(one.name, one.entries, one.policy)))
  check(answers.map(({ value, reason }) => value ?? reason), 90)
})

function working(workerData) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

test('worker threads, several at once', async () => {
  const asked = { vector: 'accept-nine-claims', count: 60 }
  const told = await Promise.all([...Array(4).fill(asked), { vector: 'revoked', count: 60 }].map(working))
  assert.deepEqual(told, [...Array(4).fill(Array(60).fill('verified')), Array(60).fill('revoked_signature')])
  check(await verifier.verifyMany(requests(30)), 30)
})

test('a worker thread that ends while it verifies takes nobody with it', async () => {
  for (let count = 0; count < 5; count += 1) {
    const worker = new Worker(new URL('worker.mjs', import.meta.url), {
      workerData: { vector: 'accept-nine-claims', count: 2_000, telling: true },
    })
    await new Promise((resolve) => worker.once('message', resolve))
    await worker.terminate()
  }
  check(await verifier.verifyMany(requests(30)), 30)
})

test('a hundred thousand verifications do not grow', { timeout: 240_000 }, async () => {
  const script = fileURLToPath(new URL('memory.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script])
  const { verifications, grown } = JSON.parse(stdout)
  assert.ok(verifications >= 100_000)
  for (const bytes of grown) assert.ok(bytes < 12 * 1024 * 1024, `${bytes} bytes more than after the first tenth`)
})
