// SPDX-License-Identifier: Apache-2.0

// Package matter is the kernel: it runs every procedure that a rule pack tells,
// as a timed dynamic condition response graph in a clerk's words. All of it is
// pure: Decide turns a command into events or a refusal, Advance lets the day
// come, Fold and Apply turn facts into a state, Offers and Owed read it. It
// knows no petition, no meeting and no sanction by name; if a new regulation
// needs a change here, the pack language is missing a word. Start at Decide.
package matter
