// The CommonJS entry has the same types.

import countermark = require('countermark')

export function verdict(verifier: countermark.Verifier, name: string, log: countermark.Log, policy: countermark.Policy): string {
  const report: countermark.Report = verifier.examine(name, log, policy)
  // @ts-expect-error: a report is no text
  const text: string = report
  return text + report.verdict
}
