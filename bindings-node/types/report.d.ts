import type { CheckName, RejectionCode } from './codes.js';
import type { RejectedError } from './errors.js';
import type { Warning } from './verified.js';
/** One check of a `Report` and what came of it. */
export interface CheckOutcome {
    /** The check's name. */
    readonly check: CheckName;
    /** What came of it; `'not_judged'` because of what an earlier check found. */
    readonly outcome: 'passed' | 'failed' | 'not_judged';
    /** The code, if it failed. */
    readonly code: RejectionCode | null;
    /** What exactly was found, if it failed. */
    readonly detail: string | null;
    /** What to do about it, if it failed. */
    readonly remedy: string | null;
}
/** One signed timestamp of an entry, and what came of it. */
export interface TimestampOutcome {
    /** Who signed it, if it counts: the subject of the timestamp authority's signer. */
    readonly authority: string | null;
    /** When it says that the signature was there, if it can be read; RFC 3339. Believed only if it counts. */
    readonly time: string | null;
    /** Whether it counts. */
    readonly counts: boolean;
    /** Why it does not count, if it does not. */
    readonly detail: string | null;
}
/**
 * Every check's outcome, from `Verifier.examine`: of the entry that was verified, or else of the newest.
 *
 * It is for looking, not for deciding: like any object it is truthy whatever it says, and a program that decides calls
 * `verify`, whose refusal cannot be overlooked. As text it is a short table.
 */
export declare class Report {
    #private;
    private constructor();
    /** The artifact's name. */
    get artifactName(): string;
    /** The name of the code that `verify` would give: `'verified'`, or why not. */
    get verdict(): 'verified' | RejectionCode;
    /** The ten checks, in order. */
    get checks(): readonly CheckOutcome[];
    /** Which of the entries given the checks concern, counted from zero; null if none matched. */
    get entryIndex(): number | null;
    /** When that entry's signature was made, by the log's word; RFC 3339. */
    get timestamp(): string | null;
    /** What vouches for that time; null if no entry matched. */
    get timeVoucher(): 'recorded' | 'timestamp_authority' | null;
    /** The signed timestamps of that entry, each by itself. */
    get timestamps(): readonly TimestampOutcome[];
    /** The claims of that entry's certificate, name to text; certified by nobody if the chain check failed. */
    get claims(): Readonly<Record<string, string>>;
    /** The rejections of the other candidates, if the artifact is refused. */
    get others(): readonly RejectedError[];
    /** What was not asked for, and perhaps should have been. */
    get warnings(): readonly Warning[];
    /** The report for dashboards: what `JSON.stringify` writes. */
    toJSON(): Record<string, unknown>;
    /** The report for people. */
    toString(): string;
}
