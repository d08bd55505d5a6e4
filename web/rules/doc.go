// SPDX-License-Identifier: Apache-2.0

// Package rules holds the pages about rule packs. Everybody sees a pack as it
// stands: its versions, its procedures in plain words, what its clauses are run
// by, what the checker says, what is set locally, what is proposed; and each
// rule with its clauses and where it is in play. Administrators set local
// parameters, propose versions, and approve or refuse what another proposed.
// No page here decides on a matter, and none shows casework to somebody who may
// not see it. Start at Front.
package rules
