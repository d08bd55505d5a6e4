// SPDX-License-Identifier: Apache-2.0

package office

import (
	"slices"

	"quanze/core/rulepack"
	"quanze/core/rulepack/check"
)

// Examine reads a version of a pack and says all that is wrong with it, in how
// it is written and in what it says. The pack comes only without an error of
// writing. It may take seconds: it is asked when a version is proposed, and
// never while a page waits.
func Examine(files rulepack.Files) (*rulepack.Pack, rulepack.Diagnostics) {
	p, diags := rulepack.Load(files)
	if p == nil {
		return nil, diags
	}
	return p, slices.Concat(diags, check.Check(p, check.Options{Files: files}))
}
