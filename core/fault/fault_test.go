// SPDX-License-Identifier: Apache-2.0

package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/fault"
)

func TestFault(t *testing.T) {
	f := fault.New(fault.Refused, "matter.early", "act", "report", "day", "2026-03-02", "odd").
		At("on").Because("xx-a1").Because("xx-a2", "xx-a3").Helped("help.wait")
	want := &fault.Fault{Kind: fault.Refused, Key: "matter.early", Args: map[string]string{"act": "report", "day": "2026-03-02"},
		Field: "on", Basis: []string{"xx-a1", "xx-a2", "xx-a3"}, Help: []string{"help.wait"}}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := f.Error(); got != "refused: matter.early at on (xx-a1, xx-a2, xx-a3)" {
		t.Error(got)
	}
	if got := fault.New(fault.Absent, "x").Error(); got != "absent: x" {
		t.Error(got)
	}
}

func TestKinds(t *testing.T) {
	for k, want := range map[fault.Kind]string{fault.Refused: "refused", fault.Invalid: "invalid", fault.Absent: "absent", fault.Denied: "denied",
		fault.Stale: "stale", fault.TooLarge: "too_large", 0: "unknown", 99: "unknown"} {
		if k.String() != want {
			t.Errorf("%d is %s, want %s", k, k, want)
		}
	}
}

// A Fault is found however deep it is wrapped; what is none reaches nobody.
func TestOf(t *testing.T) {
	f := fault.New(fault.Stale, "x")
	wrapped := fmt.Errorf("acting: %w", fmt.Errorf("recording: %w", f))
	if fault.Of(wrapped) != f || !fault.Is(wrapped, fault.Stale) || fault.Is(wrapped, fault.Denied) {
		t.Error("a wrapped fault is lost")
	}
	if fault.Of(errors.Join(errors.New("disk"), f)) != f {
		t.Error("a joined fault is lost")
	}
	for _, err := range []error{nil, errors.New("disk full"), fmt.Errorf("%v", f)} {
		if fault.Of(err) != nil || fault.Is(err, fault.Stale) {
			t.Errorf("%v is taken for a fault", err)
		}
	}
}
