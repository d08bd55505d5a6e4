// SPDX-License-Identifier: Apache-2.0

package casework_test

import (
	"testing"

	"quanze/core/matter"
	"quanze/core/org"
	"quanze/office/casework"
	"quanze/office/officetest"
	"quanze/store"
)

// Only who works on a matter is told that a rule is in play there.
func TestWorks(t *testing.T) {
	c := officetest.New(t, "")
	id := c.Open()
	c.Team(id)
	d := casework.New(c.Office, nil)
	for person, want := range map[org.PersonID]bool{"clerk": true, "head": true, "teacher": false, "colleague": false, "nobody": false, "": false} {
		if got, err := d.Works(t.Context(), store.Account{Person: person}, id); err != nil || got != want {
			t.Errorf("%q works: %t, want %t (%v)", person, got, want, err)
		}
	}
	if got, err := d.Works(t.Context(), store.Account{Person: "clerk"}, matter.ID("none")); err != nil || got {
		t.Errorf("a matter that is not there: %t, %v", got, err)
	}
}
