import type { Certificates, Instant } from './inputs.js';
import { MalformedInputError } from './errors.js';
/** What an `Entry` is made of: a record's columns. */
export interface EntryOptions {
    /** The tenant's namespace. No signature covers it. */
    readonly namespace: string;
    /** The artifact name as the record has it; compared byte for byte, never parsed. */
    readonly artifactName: string;
    /** The signature: bytes (DER) or text (base64). */
    readonly signature: string | Uint8Array;
    /** The certificates, the leaf first: text (PEM), or bytes (DER). */
    readonly certificate: Certificates;
    /** When the signature was made, by the log's word. */
    readonly timestamp: Instant;
    /** There is no default, and only true and false will do: a record that does not say is not trusted. */
    readonly revoked: boolean;
    /** The recorded claims, name to text. */
    readonly provenance?: Readonly<Record<string, string>> | undefined;
    /** Whether the log blocks the artifact; false unless given. */
    readonly blocklisted?: boolean | undefined;
    /** Objects with a text `kind`: `'rfc3161'` is a signed timestamp, in `token` as base64. Other kinds are ignored. */
    readonly evidence?: Iterable<Readonly<Record<string, unknown>>> | undefined;
}
/**
 * One record of a signing event; untrusted until verified.
 *
 * It is made from columns, or from JSON by `fromJson` and `entriesFromJson`. Throws a `MalformedInputError` if a part is
 * malformed, a limit is exceeded, or there is a member that an entry has not.
 */
export declare class Entry {
    #private;
    /** Makes an entry of a record's columns. */
    constructor(options: EntryOptions);
    /**
     * Reads one record from JSON.
     *
     * Null, a repeated or unknown member and a record without `revoked` throw a `MalformedInputError`.
     */
    static fromJson(data: string | Uint8Array): Entry;
    /** The tenant's namespace. No signature covers it. */
    get namespace(): string;
    /** The artifact name as the record has it; compared byte for byte, never parsed. */
    get artifactName(): string;
    /** The signature's DER. */
    get signature(): Uint8Array;
    /** The certificates in DER, the leaf first; at least one. */
    get certificates(): readonly Uint8Array[];
    /** When the signature was made, by the log's word; RFC 3339 in UTC, to the nanosecond. */
    get timestamp(): string;
    /** The recorded claims, name to text. */
    get provenance(): Readonly<Record<string, string>>;
    /** Whether the signature was revoked. */
    get revoked(): boolean;
    /** Whether the log blocks the artifact. */
    get blocklisted(): boolean;
    /** The evidence beside the record. */
    get evidence(): readonly Record<string, unknown>[];
    /** The record as `fromJson` reads it, without members that are empty or false: what `JSON.stringify` writes. */
    toJSON(): Record<string, unknown>;
}
/** How the records of a log are read. */
export interface ReadingOptions {
    /**
     * `'countermark'` (the default): a JSON array or JSON Lines. `'endor_labs'`: one `ArtifactSignature` of the Endor Labs API
     * or a list response of them; a response that has a next page is refused, because a revoked record may be on it.
     */
    readonly format?: 'countermark' | 'endor_labs' | undefined;
    /** Says that the source of Endor Labs' records leaves false values out; otherwise one without `revoked` is refused. */
    readonly absentRevokedMeansFalse?: boolean | undefined;
}
/**
 * Reads the records of a log from JSON; one bad record fails the call.
 *
 * Throws a `MalformedInputError` for the first bad record; its `record` tells which.
 */
export declare function entriesFromJson(data: string | Uint8Array, options?: ReadingOptions): Entry[];
/**
 * The same with a result per record, in their order, so that one bad record does not hide the others.
 *
 * A `MalformedInputError` in the array is a record that could not be judged, not one that is not there: it may have been a
 * revocation. Who leaves it out must know that it is not. It was not thrown and has no stack. A thousand are told; if there
 * are more, the last says that reading stopped there.
 *
 * Throws a `MalformedInputError` if a response of the Endor Labs API is itself malformed.
 */
export declare function readEntries(data: string | Uint8Array, options?: ReadingOptions): (Entry | MalformedInputError)[];
