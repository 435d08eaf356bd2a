/** Certificates: PEM text, the DER of one, or the DER of several. */
export type Certificates = string | Uint8Array | Iterable<Uint8Array>;
/** An instant: RFC 3339 text, to the nanosecond, or a `Date`. */
export type Instant = string | Date;
/** A public key: PEM text, or the DER of a `SubjectPublicKeyInfo`. */
export type PublicKey = string | Uint8Array;
/** From when to when something counts; both ends are inside. */
export interface ValidFor {
    /** The first instant. */
    readonly start: Instant;
    /** The last instant; absent if it has not ended. */
    readonly end?: Instant | undefined;
}
