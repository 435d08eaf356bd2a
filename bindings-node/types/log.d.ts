import type { Entry } from './entry.js';
/**
 * The entries of one tenant's namespace, in memory: append-only, and indexed by artifact name.
 *
 * Nothing is ever deleted, and of an entry nothing ever changes but that it becomes revoked.
 */
export declare class Log implements Iterable<Entry> {
    #private;
    /** Makes an empty log. */
    constructor(namespace: string);
    /** The namespace of all its entries. */
    get namespace(): string;
    /** How many entries there are. */
    get size(): number;
    /**
     * Appends an entry. Signing the same name again makes another entry.
     *
     * Throws a `MalformedInputError` if the entry is of another namespace.
     */
    append(entry: Entry): void;
    /** Every entry of an artifact, in the order in which they were appended; for `Verifier.verify`. */
    find(artifactName: string): Entry[];
    /**
     * Revokes the signatures of an artifact that were made from a ref, and returns how many there are.
     *
     * It marks every entry of that name whose certificate carries that `source_repository_ref`. What the entry itself recorded
     * does not matter, and an unreadable certificate matches every ref. Throws a `CountermarkError` with the code
     * `no_signature` if there is no such entry.
     */
    revokeSignature(artifactName: string, sourceRepositoryRef: string): number;
    /** Every entry, in the order in which they were appended. */
    [Symbol.iterator](): IterableIterator<Entry>;
}
