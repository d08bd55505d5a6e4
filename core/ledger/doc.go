// SPDX-License-Identifier: Apache-2.0

// Package ledger turns an event into a commitment: one hash that binds what
// was recorded, when, under which pack and after which event, and that shows
// nothing of it. Some fields can be opened later, one by one, to whoever may
// see them. It holds no salt, draws no random number and signs nothing: salts
// are arguments, and the tree over the commitments, its checkpoints and its
// proofs come later. The bytes are told in docs/ledger-format.md. Start at
// Commit, then Opening.
package ledger
