// SPDX-License-Identifier: Apache-2.0

// Package quanze is the root of the house and holds no code of its own: the
// floors are its folders (core, store, office, web, cmd), and its tests keep
// the house's own rules: who may import whom, what is pure, what is too long,
// and that no sentence of an official text is copied. Start at README.md.
package quanze
