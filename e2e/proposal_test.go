// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestProposal brings a version in which the notice has five working days: it
// is proposed, planned, refused to who proposed it, and approved by another. It
// comes last, for the version in force stands on other pages.
func TestProposal(t *testing.T) {
	needWorld(t)
	admin, other := signIn(t, "admin", true), signIn(t, "admin2", true)
	rules, err := os.ReadFile("../packs/gz09/procedures/case.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const old = "start: file, within: 3 working_days, met_by: notify.served"
	if !strings.Contains(string(rules), old) {
		t.Fatal("the pack gives the notice another time")
	}
	file := filepath.Join(t.TempDir(), "case.yaml")
	if err := os.WriteFile(file, []byte(strings.Replace(string(rules), old, strings.Replace(old, "3", "5", 1), 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	admin.at("/rules/propose")
	admin.set("source", "over:gz09")
	admin.upload("files", file)
	admin.set("from", "2026-04-01")
	if got := admin.press(`form.q-form button`); got != 422 {
		t.Fatalf("without a reason: %d: %s", got, admin.text())
	}
	admin.sound("proposal with errors", "zh")
	admin.set("source", "over:gz09")
	admin.set("reason", "送达期限改为五个工作日。")
	admin.upload("files", file)
	if got := admin.press(`form.q-form button`); got != 200 || !strings.HasPrefix(admin.path(), "/rules/proposals/") {
		t.Fatalf("the proposal: %d at %s: %s", got, admin.path(), admin.text())
	}
	proposal := admin.path()
	admin.says("送达期限改为五个工作日。", "3 working_days", "5 working_days", "送达调查通知：2026-03-26 周四改为2026-03-30 周一")
	walk(t, []state{
		{name: "proposal, who proposed it", who: admin, path: proposal, change: unfold},
		{name: "proposal, who approves it", who: other, path: proposal, change: unfold},
	})
	if got := len(look[[]string](admin, `Array.from(document.querySelectorAll("form[action$='/approve']"), f => f.action)`)); got != 0 {
		t.Errorf("who proposed it may approve it")
	}
	other.speak("zh")
	other.at(proposal)
	if got := other.press(`form[action$="/approve"] button`); got != 200 {
		t.Fatalf("the approval: %d: %s", got, other.text())
	}
	walk(t, []state{
		{name: "proposal, approved", who: other, path: proposal, change: unfold},
		{name: "rules, one version to come", who: other, path: "/rules"},
	})
}
