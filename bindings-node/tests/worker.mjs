// A worker thread that verifies a vector again and again, and tells what came of it.

import { parentPort, workerData } from 'node:worker_threads'

import { CountermarkError } from 'countermark'
import { vector } from './common.mjs'

const { verifier, entries, policy } = vector(workerData.vector).build()
const { name } = vector(workerData.vector)
if (workerData.telling) parentPort.postMessage('begun')
const requests = Array.from({ length: workerData.count }, () => ({ name, entries, policy }))
const results = await verifier.verifyMany(requests)
parentPort.postMessage(results.map((result) => (result instanceof CountermarkError ? result.code : result.toJSON().verdict)))
