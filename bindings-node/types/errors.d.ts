import type { CheckName, CodeName, MalformedInputCode, RejectionCode } from './codes.js';
/**
 * What every error of this package is.
 *
 * Its message has the code, the detail and the remedy.
 */
export declare class CountermarkError extends Error {
    /** The stable name of the code: `'unknown_ca'`. */
    readonly code: CodeName;
    /** The stable number of the code; never zero. */
    readonly number: number;
    /** The name of the check that failed: `'chain'`. */
    readonly check: CheckName;
    /** What exactly was found, for people; it names the offending input. */
    readonly detail: string;
    /** What to do about it. */
    readonly remedy: string;
    /** The members, for logs and dashboards: what `JSON.stringify` writes. */
    toJSON(): Record<string, unknown>;
}
/** Input that cannot be judged at all: a trust anchor or root, policy, entry, bundle, artifact name, message or argument. */
export declare class MalformedInputError extends CountermarkError {
    readonly code: MalformedInputCode;
    /** Which record of several is malformed, counted from zero; null if it is not one of several. */
    readonly record: number | null;
    /** Which request of `Verifier.verifyMany` or `Verifier.verifyManyBundles` is malformed, counted from zero; null if it is not one of several. */
    readonly request: number | null;
    toJSON(): Record<string, unknown>;
}
/**
 * The artifact is not to be trusted, and why.
 *
 * If several entries were candidates, this is the reason of the newest, and those of the others stand in `others`. Of several
 * bundles it is the first one's.
 */
export declare class RejectedError extends CountermarkError {
    readonly code: RejectionCode;
    /** Which of the entries or bundles given the reason concerns, counted from zero; null if it is not one of several. */
    readonly entryIndex: number | null;
    /** The other candidates' rejections, newest first; of bundles, in their order. */
    readonly others: readonly RejectedError[];
    toJSON(): Record<string, unknown>;
}
