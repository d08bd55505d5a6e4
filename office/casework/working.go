// SPDX-License-Identifier: Apache-2.0

package casework

import (
	"context"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/store"
)

// Works reports whether the account's person works on a matter, and so may see
// all of it. Whom it concerns does not: that a rule is in play there may tell of
// what was not served yet.
func (d *Desk) Works(ctx context.Context, a store.Account, id matter.ID) (bool, error) {
	v, err := d.See(ctx, a, id)
	switch {
	case fault.Is(err, fault.Absent), fault.Is(err, fault.Denied):
		return false, nil
	case err != nil:
		return false, err
	}
	return v.Side == Working, nil
}
