// in-toto statements, verified and not.

import { show } from './internal/instance.js'
import { freeze, mapped, parse } from './internal/primordials.js'
import { record } from './internal/arguments.js'

/** An artifact that a statement is about. */
export interface StatementSubject {
  /** Its name: a file name, a package URL, whatever the predicate's type demands; null if it has none. */
  readonly name: string | null
  /** Its URI; null if it has none. */
  readonly uri: string | null
  /** Its digests, by the names of their algorithms, which may be any, as they stand in the statement. */
  readonly digest: Readonly<Record<string, string>>
}

/** @internal */
export interface StatementDocument {
  predicateType: string
  subjects: StatementSubject[]
  predicateJson: string | null
}

const MAKER = Symbol('of a statement')

/** @internal */
export function statementOf(told: StatementDocument): Statement {
  const make = Statement as unknown as new (...given: unknown[]) => Statement
  return new make(MAKER, told)
}

/** An in-toto statement of version 0.1 or 1: something that is said (the predicate) about artifacts (the subjects). */
export class Statement {
  readonly #told: StatementDocument

  private constructor(maker: unknown, told: StatementDocument) {
    if (maker !== MAKER) throw new TypeError('a Statement cannot be constructed: it is read')
    this.#told = told
    freeze(this)
  }

  /** What kind of predicate it is, usually a URI: `https://slsa.dev/provenance/v1`. */
  get predicateType(): string {
    return this.#told.predicateType
  }

  /** What it is about, at least one. */
  get subjects(): readonly StatementSubject[] {
    const subject = ({ name, uri, digest }: StatementSubject): StatementSubject =>
      freeze({ name, uri, digest: record(digest, (text) => text) })
    return freeze(mapped(this.#told.subjects, subject))
  }

  /** The predicate, parsed anew each time; null if there is none. */
  get predicate(): unknown {
    return this.#told.predicateJson === null ? null : parse(this.#told.predicateJson)
  }

  /** The predicate as its JSON text, as it stands in the statement; null if there is none. */
  get predicateJson(): string | null {
    return this.#told.predicateJson
  }
}

/** @internal */
export function unverifiedStatementOf(told: StatementDocument): UnverifiedStatement {
  const make = UnverifiedStatement as unknown as new (...given: unknown[]) => UnverifiedStatement
  return new make(MAKER, statementOf(told))
}

/**
 * A statement whose signature nobody has verified: anybody may have written it, about anything. A `Verified` has the statement
 * that was verified.
 */
export class UnverifiedStatement {
  readonly #statement: Statement

  private constructor(maker: unknown, statement: Statement) {
    if (maker !== MAKER) throw new TypeError('an UnverifiedStatement cannot be constructed: a Bundle has it')
    this.#statement = statement
    freeze(this)
  }

  /** What it says, which is not to be believed. It may help to choose a policy or to tell bundles apart. */
  get unverified(): Statement {
    return this.#statement
  }
}

show(Statement, ({ predicateType, subjects }) => ({ predicateType, subjects }))
show(UnverifiedStatement, ({ unverified }) => ({ unverified }))
