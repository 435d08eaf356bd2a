// The images of a Kubernetes object: of a Pod, and of everything that makes Pods.

/** An object that cannot be judged. */
export class Unreadable extends Error {}

/** Where each kind, by its API group, has the specification of its Pods. */
const POD_SPECS = {
  '': {
    Pod: ['spec'],
    PodTemplate: ['template', 'spec'],
    ReplicationController: ['spec', 'template', 'spec'],
  },
  apps: {
    DaemonSet: ['spec', 'template', 'spec'],
    Deployment: ['spec', 'template', 'spec'],
    ReplicaSet: ['spec', 'template', 'spec'],
    StatefulSet: ['spec', 'template', 'spec'],
  },
  batch: {
    CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
    Job: ['spec', 'template', 'spec'],
  },
}

const own = (object, name) => (typeof name === 'string' && Object.hasOwn(object, name) ? object[name] : undefined)

function object(value, where) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unreadable(`${where} is no object`)
  return value
}

/** A list's items and where each stands. The API server leaves an empty list out. */
function* list(spec, name, where) {
  const value = own(spec, name)
  if (value === undefined || value === null) return
  if (!Array.isArray(value)) throw new Unreadable(`${where}.${name} is no list`)
  for (const [index, item] of value.entries()) yield [object(item, `${where}.${name}[${index}]`), `${where}.${name}[${index}]`]
}

function image(container, name, where) {
  const value = own(container, name)
  if (typeof value !== 'string' || value === '') throw new Unreadable(`${where} names no image`)
  return [where, value]
}

function* imagesOf(spec, where) {
  if (!Array.isArray(own(spec, 'containers')) || spec.containers.length === 0) {
    throw new Unreadable(`${where} has no containers`)
  }
  for (const kind of ['containers', 'initContainers', 'ephemeralContainers']) {
    for (const [container, at] of list(spec, kind, where)) yield image(container, 'image', at)
  }
  // A volume may be an image too.
  for (const [volume, at] of list(spec, 'volumes', where)) {
    const source = own(volume, 'image')
    if (source !== undefined && source !== null) yield image(object(source, `${at}.image`), 'reference', at)
  }
}

/**
 * Where each image of an object stands, and its name.
 *
 * An object of a kind that is not listed here may make Pods too, so it is `Unreadable` and not without images.
 */
export function findImages({ group, version, kind }, manifest) {
  const path = own(own(POD_SPECS, group) ?? {}, kind)
  if (path === undefined || version !== 'v1') {
    throw new Unreadable(`${[group, version, kind].filter(Boolean).join('/')} is no kind that this webhook knows`)
  }
  if (object(manifest, 'the object').kind !== kind) throw new Unreadable(`the object is no ${kind}`)
  let spec = manifest
  path.forEach((name, index) => {
    spec = object(own(spec, name), path.slice(0, index + 1).join('.'))
  })
  return [...imagesOf(spec, path.join('.'))]
}
