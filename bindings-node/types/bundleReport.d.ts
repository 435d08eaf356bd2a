import type { RejectionCode } from './codes.js';
import type { RejectedError } from './errors.js';
import type { CheckOutcome } from './report.js';
import type { Warning } from './verified.js';
/** A signed timestamp, log entry or certificate timestamp, and what came of it. */
export interface EvidenceOutcome {
    /** What it is. */
    readonly kind: 'timestamp' | 'log_entry' | 'certificate_timestamp';
    /** Which of its kind, counted from zero. */
    readonly position: number;
    /** What came of it; `'unknown'` if the instance does not know whose it is. */
    readonly outcome: 'good' | 'unknown' | 'bad';
    /** Whose word it is, if it is good. */
    readonly whose: string | null;
    /** The time that it vouches for, if it is good and vouches for one; RFC 3339. */
    readonly time: string | null;
    /** Why it is not good, if it is not. */
    readonly detail: string | null;
}
/**
 * Every check's outcome, from `Verifier.examineBundle`, and every signed timestamp, log entry and certificate timestamp by
 * itself, under one instance: the one that verified the bundle, or else the one under which it came furthest.
 *
 * It is for looking, not for deciding: like any object it is truthy whatever it says, and a program that decides calls
 * `verifyBundle`, whose refusal cannot be overlooked. As text it is a short table.
 */
export declare class BundleReport {
    #private;
    private constructor();
    /** The artifact: its name or a digest. */
    get artifact(): string;
    /** The name of the code that `verifyBundle` would give: `'verified'`, or why not. */
    get verdict(): 'verified' | RejectionCode;
    /** The instance that the checks are about; null if none may judge. */
    get instance(): string | null;
    /** The ten checks, in order. */
    get checks(): readonly CheckOutcome[];
    /** Every signed timestamp, log entry and certificate timestamp by itself. */
    get evidence(): readonly EvidenceOutcome[];
    /** Whether the instance knows nobody who vouches for the bundle: it is probably another instance's. */
    get isOfAnotherInstance(): boolean;
    /** What the certificate claims, name to text; believed only if the verdict is `'verified'`. */
    get claims(): Readonly<Record<string, string>>;
    /** What was not asked for, and perhaps should have been. */
    get warnings(): readonly Warning[];
    /** Why the bundle is refused, which was not thrown; null if it is not. Those of other instances stand in `others`. */
    get rejection(): RejectedError | null;
    /** The report for dashboards: what `JSON.stringify` writes. */
    toJSON(): Record<string, unknown>;
    /** The report for people. */
    toString(): string;
}
