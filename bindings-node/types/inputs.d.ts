/** Certificates: PEM text, the DER of one, or the DER of several. */
export type Certificates = string | Uint8Array | Iterable<Uint8Array>;
/** An instant: RFC 3339 text, to the nanosecond, or a `Date`. */
export type Instant = string | Date;
