// An AdmissionReview and its answer.

import { isDeepStrictEqual } from 'node:util'

import { CountermarkError } from 'countermark'

import { Unreadable, findImages } from './images.mjs'

/** A document that is no AdmissionReview, so that there is no request to answer. */
export class NoReview extends Error {}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The request of an AdmissionReview. */
export function requestOf(review) {
  if (!isObject(review) || review.apiVersion !== 'admission.k8s.io/v1' || review.kind !== 'AdmissionReview') {
    throw new NoReview('the document is no AdmissionReview of admission.k8s.io/v1')
  }
  const { request } = review
  if (!isObject(request) || typeof request.uid !== 'string' || request.uid === '' || request.uid.length > 256) {
    throw new NoReview('the AdmissionReview has no request with a uid')
  }
  return request
}

function answer(uid, response) {
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, ...response } }
}

export function denial(uid, message, code = 403) {
  return answer(uid, { allowed: false, status: { code, reason: code === 403 ? 'Forbidden' : 'BadRequest', message } })
}

/** A text of the object in a message for people, which may not write to their terminal as it likes. */
function printable(text) {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text)
}

/** The images that a request would bring in; none if it brings in nothing. */
function imagesOf(request) {
  const { operation, kind, object, oldObject } = request
  // What is deleted or connected to runs already, or does not.
  if (operation === 'DELETE' || operation === 'CONNECT') return []
  if (operation !== 'CREATE' && operation !== 'UPDATE') throw new Unreadable('the operation is none that this webhook knows')
  if (!isObject(kind)) throw new Unreadable('the request has no kind')
  const images = findImages(kind, object)
  // The finalisers of what is being deleted must come off, whatever has become of its images.
  if (operation === 'UPDATE' && isObject(oldObject) && oldObject.metadata?.deletionTimestamp) {
    if (isDeepStrictEqual(images, findImages(kind, oldObject))) return []
  }
  return images
}

async function refusal({ verifier, policy, log }, name, where) {
  try {
    await verifier.verify(name, log.find(name), policy, { now: new Date() })
    return undefined
  } catch (error) {
    if (!(error instanceof CountermarkError)) throw error
    return { code: error.code, text: `${where}: image ${printable(name)}: ${error.message}` }
  }
}

/** Answers a request: every image that it brings in must be verified. */
export async function answerTo(request, readEvidence, { images: limit, told }) {
  let images
  try {
    images = imagesOf(request)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { review: denial(request.uid, error.message, 400), codes: ['unreadable'] }
  }
  if (images.length === 0) return { review: answer(request.uid, { allowed: true }), codes: [] }
  const places = new Map()
  for (const [where, name] of images) places.set(name, [...(places.get(name) ?? []), where])
  if (places.size > limit) {
    return { review: denial(request.uid, `there are ${places.size} images; ${limit} are the limit`), codes: ['limit'] }
  }
  const evidence = await readEvidence()
  const judged = await Promise.all([...places].map(([name, where]) => refusal(evidence, name, where.join(', '))))
  const refused = judged.filter((found) => found !== undefined)
  if (refused.length === 0) return { review: answer(request.uid, { allowed: true }), codes: ['verified'] }
  const texts = refused.slice(0, told).map(({ text }) => text)
  if (refused.length > told) texts.push(`${refused.length - told} more images are refused`)
  return { review: denial(request.uid, texts.join('\n')), codes: refused.map(({ code }) => code) }
}
