// Verifies an artifact by the records of a log: prints what was established or why it was refused, then the report.
// Exits 0 (verified), 1 (refused) or 2 (it could not be judged).
//
//	verify anchors.pem entries.json policy.json image@sha256:...
package main

/*
#cgo pkg-config: countermark
#include <countermark.h>
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"unsafe"
)

// characters is what C needs of a Go slice for the time of a call.
func characters(bytes []byte) (*C.char, C.size_t) {
	return (*C.char)(unsafe.Pointer(unsafe.SliceData(bytes))), C.size_t(len(bytes))
}

// text copies a text that a handle lends: it must not be looked at after the handle was freed.
func text(text C.countermark_text) string {
	return string(unsafe.Slice((*byte)(unsafe.Pointer(text.data)), int(text.length)))
}

// failure is the error of a call that failed. It frees the rejection, which the call wrote.
func failure(why *C.countermark_rejection) error {
	defer C.countermark_rejection_free(why)
	return errors.New(text(C.countermark_rejection_text(why)))
}

// outcome is what came of an artifact that could be judged.
type outcome struct {
	verified string // what was established, or
	refused  error  // why it was refused
	report   string
}

// verify judges an artifact, or says why it could not be judged.
func verify(anchors, log, json, name []byte) (*outcome, error) {
	var verifier *C.countermark_verifier
	var policy *C.countermark_policy
	var entries *C.countermark_entries
	var verified *C.countermark_verified
	var report *C.countermark_report
	var why *C.countermark_rejection
	defer func() {
		C.countermark_report_free(report)
		C.countermark_verified_free(verified)
		C.countermark_entries_free(entries)
		C.countermark_policy_free(policy)
		C.countermark_verifier_free(verifier)
	}()

	data, length := characters(anchors)
	if code := C.countermark_verifier_from_pem(data, length, &verifier, &why); code.number != C.COUNTERMARK_DONE {
		return nil, failure(why)
	}
	data, length = characters(json)
	if code := C.countermark_policy_from_json(data, length, &policy, &why); code.number != C.COUNTERMARK_DONE {
		return nil, failure(why)
	}
	data, length = characters(log)
	if code := C.countermark_entries_from_json(data, length, &entries, &why); code.number != C.COUNTERMARK_DONE {
		return nil, failure(why)
	}

	result := &outcome{}
	data, length = characters(name)
	verdict := C.countermark_verify(verifier, data, length, entries, policy, nil, &verified, &why)
	if verdict.number == C.COUNTERMARK_VERIFIED {
		result.verified = text(C.countermark_verified_text(verified))
	} else {
		result.refused = failure(why)
		if verdict.number >= C.COUNTERMARK_MALFORMED_TRUST_ANCHOR {
			return nil, result.refused
		}
	}
	code := C.countermark_examine(verifier, data, length, entries, policy, nil, &report, &why)
	if code.number != C.COUNTERMARK_DONE {
		return nil, failure(why)
	}
	result.report = text(C.countermark_report_text(report))
	return result, nil
}

func run() (*outcome, error) {
	if len(os.Args) != 5 {
		return nil, fmt.Errorf("usage: %s anchors.pem entries.json policy.json image@sha256:...", os.Args[0])
	}
	var files [3][]byte
	for index := range files {
		var err error
		if files[index], err = os.ReadFile(os.Args[index+1]); err != nil {
			return nil, err
		}
	}
	return verify(files[0], files[1], files[2], []byte(os.Args[4]))
}

func main() {
	result, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if result.refused != nil {
		fmt.Fprintln(os.Stderr, result.refused)
		fmt.Printf("\n%s\n", result.report)
		os.Exit(1)
	}
	fmt.Printf("%s\n\n%s\n", result.verified, result.report)
}
