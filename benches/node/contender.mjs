// Node's contenders, countermark and @sigstore/verify, offline: `contender.mjs DIRECTORY`.
//
// It answers requests as src/serve.rs says.

import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { Verifier as SigstoreVerifier, toSignedEntity, toTrustMaterial } from "@sigstore/verify";
import assert from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(import.meta.url);
const { Policy, Verified, Verifier, entriesFromJson } = require(process.env.COUNTERMARK_NODE);

const [directory] = process.argv.slice(2);
const text = (name, file) => readFileSync(join(directory, name, file), "utf8");
const bytes = (name, file) => readFileSync(join(directory, name, file));

function verifierOf(name) {
  const known = existsSync(join(directory, name, "intermediates.pem")) ? text(name, "intermediates.pem") : "";
  const options = { trustAnchors: text(name, "anchors.pem") };
  return new Verifier(known === "" ? options : { ...options, intermediates: known });
}

function artifactOf(name) {
  return {
    verifier: verifierOf(name),
    policy: Policy.fromJson(text(name, "policy.json")),
    artifactName: text(name, "name.txt"),
    entries: entriesFromJson(text(name, "entries.json")),
  };
}

const actions = {
  verify(name) {
    const { verifier, policy, artifactName, entries } = artifactOf(name);
    const run = () => {
      try {
        verifier.verifySync(artifactName, entries, policy);
        return "verified";
      } catch (rejection) {
        return rejection.code;
      }
    };
    assert.equal(run(), text(name, "expected.txt"));
    return run;
  },

  examine(name) {
    const { verifier, policy, artifactName, entries } = artifactOf(name);
    return () => verifier.examine(artifactName, entries, policy);
  },

  "read-entry"(name) {
    const json = text(name, "entries.json");
    return () => entriesFromJson(json);
  },

  "read-policy"(name) {
    const json = text(name, "policy.json");
    return () => Policy.fromJson(json);
  },

  "verify-many"(name) {
    const verifier = verifierOf(name);
    const policy = Policy.fromJson(text(name, "policy.json"));
    const requests = entriesFromJson(text(name, "entries.jsonl")).map((entry) => ({
      name: entry.artifactName,
      entries: [entry],
      policy,
    }));
    return async () => {
      const results = await verifier.verifyMany(requests);
      assert(results.every((result) => result instanceof Verified));
    };
  },

  "verify-message"(name) {
    const verifier = verifierOf(name);
    const [, base64] = text(name, "leaf.pem").match(/-----BEGIN CERTIFICATE-----([^-]*)/);
    const signed = {
      signature: bytes(name, "signature.der"),
      certificate: Buffer.from(base64, "base64"),
      timestamp: text(name, "timestamp.txt"),
      policy: Policy.fromJson(text(name, "policy.json")).signer,
    };
    const message = bytes(name, "message");
    const run = (message) => verifier.verifyMessageSync({ ...signed, message });
    run(message);
    assert.throws(() => run(Buffer.from("another message")), { code: "invalid_signature" });
    return () => run(message);
  },

  sigstore: (name) => sigstore(name, {}, (entity) => entity),

  "sigstore-read"(name) {
    const json = text(name, "bundle.json");
    return () => bundleFromJSON(JSON.parse(json));
  },

  // Without the log's entry. The certificate's own timestamp of the log is checked all the same.
  "sigstore-without-log": (name) =>
    sigstore(name, { tlogThreshold: 0, ctlogThreshold: 0 }, (entity) => ({ ...entity, tlogEntries: [] })),
};

function sigstore(name, options, change) {
  const trustedRoot = TrustedRoot.fromJSON(JSON.parse(text(name, "trusted_root.json")));
  if (text(name, "issuer.txt") === "") {
    // GitHub's own instance has neither a log nor a certificate log.
    options = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 1 };
  }
  const verifier = new SigstoreVerifier(toTrustMaterial(trustedRoot), options);
  const bundle = bundleFromJSON(JSON.parse(text(name, "bundle.json")));
  const policy = {
    // A regular expression.
    subjectAlternativeName: `^${text(name, "identity.txt").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`,
    extensions: { issuer: text(name, "issuer.txt") },
  };
  if (bundle.content.$case === "dsseEnvelope") {
    return sigstoreEnvelope(name, verifier, policy, bundle);
  }
  const run = (message) => verifier.verify(change(toSignedEntity(bundle, message)), policy);
  const message = ["message", "artifact"].map((file) => join(directory, name, file)).find(existsSync);
  return sigstoreMessage(run, readFileSync(message));
}

function sigstoreMessage(run, message) {
  run(message);
  assert.throws(() => run(Buffer.from("another message")));
  return () => run(message);
}

// The library leaves it to its callers to look for the artifact in the statement.
function sigstoreEnvelope(name, verifier, policy, bundle) {
  if (policy.extensions.issuer === "") {
    delete policy.extensions;
  }
  const run = (digest) => {
    verifier.verify(toSignedEntity(bundle), policy);
    const { subject } = JSON.parse(bundle.content.dsseEnvelope.payload.toString());
    assert(subject.some((subject) => subject.digest.sha256 === digest));
  };
  const digest = text(name, "digest.txt");
  run(digest);
  assert.throws(() => run("0".repeat(64)));
  return () => run(digest);
}

const version = (name) => require(`${name}/package.json`).version;
console.log(`Node.js ${process.versions.node}, @sigstore/verify ${version("@sigstore/verify")}`);
const cases = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  const [iterations, action, name] = line.split(" ");
  const request = `${action} ${name}`;
  if (!cases.has(request)) {
    cases.set(request, actions[action](name));
  }
  const run = cases.get(request);
  const count = Number(iterations);
  const start = process.hrtime.bigint();
  for (let iteration = 0; iteration < count; iteration++) {
    const result = run();
    if (result instanceof Promise) {
      await result;
    }
  }
  console.log(String(process.hrtime.bigint() - start));
}
