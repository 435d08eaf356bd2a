/** An artifact that a statement is about. */
export interface StatementSubject {
    /** Its name: a file name, a package URL, whatever the predicate's type demands; null if it has none. */
    readonly name: string | null;
    /** Its URI; null if it has none. */
    readonly uri: string | null;
    /** Its digests, by the names of their algorithms, which may be any, as they stand in the statement. */
    readonly digest: Readonly<Record<string, string>>;
}
/** An in-toto statement of version 0.1 or 1: something that is said (the predicate) about artifacts (the subjects). */
export declare class Statement {
    #private;
    private constructor();
    /** What kind of predicate it is, usually a URI: `https://slsa.dev/provenance/v1`. */
    get predicateType(): string;
    /** What it is about, at least one. */
    get subjects(): readonly StatementSubject[];
    /** The predicate, parsed anew each time; null if there is none. */
    get predicate(): unknown;
    /** The predicate as its JSON text, as it stands in the statement; null if there is none. */
    get predicateJson(): string | null;
}
/**
 * A statement whose signature nobody has verified: anybody may have written it, about anything. A `Verified` has the statement
 * that was verified.
 */
export declare class UnverifiedStatement {
    #private;
    private constructor();
    /** What it says, which is not to be believed. It may help to choose a policy or to tell bundles apart. */
    get unverified(): Statement;
}
