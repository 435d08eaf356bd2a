// Verifies an artifact by the records of a log: prints the report, exits 0 (verified), 1 (refused) or 2 (bad input).
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

func text(text C.countermark_text) string {
	return string(unsafe.Slice((*byte)(unsafe.Pointer(text.data)), int(text.length)))
}

// done is the error of a call that verifies nothing, if it failed.
func done(code C.countermark_code, why *C.countermark_rejection) error {
	defer C.countermark_rejection_free(why)
	if code.number != C.COUNTERMARK_DONE {
		return errors.New(text(C.countermark_rejection_text(why)))
	}
	return nil
}

// verify returns the report, and whether the artifact was verified; or an error if it could not be judged.
func verify(anchors, log, json, name []byte) (string, bool, error) {
	var verifier *C.countermark_verifier
	var policy *C.countermark_policy
	var entries *C.countermark_entries
	var why *C.countermark_rejection

	data, length := characters(anchors)
	code := C.countermark_verifier_from_pem(data, length, &verifier, &why)
	defer func() { C.countermark_verifier_free(verifier) }()
	if err := done(code, why); err != nil {
		return "", false, err
	}
	data, length = characters(json)
	code = C.countermark_policy_from_json(data, length, &policy, &why)
	defer func() { C.countermark_policy_free(policy) }()
	if err := done(code, why); err != nil {
		return "", false, err
	}
	data, length = characters(log)
	code = C.countermark_entries_from_json(data, length, &entries, &why)
	defer func() { C.countermark_entries_free(entries) }()
	if err := done(code, why); err != nil {
		return "", false, err
	}

	data, length = characters(name)
	verdict := C.countermark_verify(verifier, data, length, entries, policy, nil, nil, nil)

	var report *C.countermark_report
	code = C.countermark_examine(verifier, data, length, entries, policy, nil, &report, &why)
	defer func() { C.countermark_report_free(report) }()
	if err := done(code, why); err != nil {
		return "", false, err
	}
	return text(C.countermark_report_text(report)), verdict.number == C.COUNTERMARK_VERIFIED, nil
}

func run() (bool, error) {
	if len(os.Args) != 5 {
		return false, fmt.Errorf("usage: %s anchors.pem entries.json policy.json image@sha256:...", os.Args[0])
	}
	var files [3][]byte
	for index := range files {
		var err error
		if files[index], err = os.ReadFile(os.Args[index+1]); err != nil {
			return false, err
		}
	}
	report, verified, err := verify(files[0], files[1], files[2], []byte(os.Args[4]))
	if err != nil {
		return false, err
	}
	fmt.Println(report)
	return verified, nil
}

func main() {
	verified, err := run()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	case !verified:
		os.Exit(1)
	}
}
