// The same objects as of the CommonJS entry, so that `instanceof` holds across the two.
export {
  CODES,
  CountermarkError,
  Entry,
  Log,
  MalformedInputError,
  Policy,
  RejectedError,
  Report,
  SignerPolicy,
  Verified,
  Verifier,
  entriesFromJson,
  readEntries,
  version,
} from './dist/index.js'
