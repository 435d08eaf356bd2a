// Command contender is sigstore-go as a contender, offline: contender DIRECTORY. It answers requests as src/serve.rs says.
package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func read(directory, file string) []byte {
	return must(os.ReadFile(filepath.Join(directory, file)))
}

// prepare makes the verification of a case, after checking its outcome.
func prepare(directory, action string) func() {
	if action == "read-bundle" {
		json := read(directory, "bundle.json")
		return func() {
			var parsed bundle.Bundle
			if err := parsed.UnmarshalJSON(json); err != nil {
				panic(err)
			}
		}
	}
	trusted := must(root.NewTrustedRootFromJSON(read(directory, "trusted_root.json")))
	issuer := string(read(directory, "issuer.txt"))
	options := []verify.VerifierOption{verify.WithObserverTimestamps(1)}
	if issuer != "" {
		options = append(options, verify.WithTransparencyLog(1), verify.WithSignedCertificateTimestamps(1))
	}
	verifier := must(verify.NewVerifier(trusted, options...))
	parsed := must(bundle.LoadJSONFromPath(filepath.Join(directory, "bundle.json")))
	issuerPattern := ""
	if issuer == "" {
		issuerPattern = ".*"
	}
	identity := must(verify.NewShortCertificateIdentity(issuer, issuerPattern, string(read(directory, "identity.txt")), ""))
	content, err := os.ReadFile(filepath.Join(directory, "artifact"))
	artifact := func() verify.ArtifactPolicyOption { return verify.WithArtifact(bytes.NewReader(content)) }
	if err != nil {
		digest := must(hex.DecodeString(string(read(directory, "digest.txt"))))
		artifact = func() verify.ArtifactPolicyOption { return verify.WithArtifactDigest("sha256", digest) }
	}
	run := func(artifact verify.ArtifactPolicyOption) error {
		_, err := verifier.Verify(parsed, verify.NewPolicy(artifact, verify.WithCertificateIdentity(identity)))
		return err
	}
	if err := run(artifact()); err != nil {
		panic(err)
	}
	if run(verify.WithArtifact(strings.NewReader("another message"))) == nil {
		panic("another message was accepted")
	}
	return func() {
		if err := run(artifact()); err != nil {
			panic(err)
		}
	}
}

func main() {
	version := "sigstore-go"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == "github.com/sigstore/sigstore-go" {
				version += " " + dependency.Version
			}
		}
	}
	fmt.Printf("%s, %s\n", runtime.Version(), version)
	cases := map[string]func(){}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		parts := strings.SplitN(lines.Text(), " ", 2)
		iterations, request := must(strconv.Atoi(parts[0])), parts[1]
		run, known := cases[request]
		if !known {
			action, name, _ := strings.Cut(request, " ")
			run = prepare(filepath.Join(os.Args[1], name), action)
			cases[request] = run
		}
		start := time.Now()
		for range iterations {
			run()
		}
		fmt.Println(time.Since(start).Nanoseconds())
	}
}
