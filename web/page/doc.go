// SPDX-License-Identifier: Apache-2.0

// Package page is what every front stands on: handlers that return errors, the
// table of routes with the role each asks for, the scope of a request (words,
// account), rendering to a buffer, forms that keep what was typed, sessions,
// the one table from error to status, and the guards around it all. It denies
// by default: what is in no table is not found, and no handler runs before its
// role was checked. It decides nothing about matters; office does.
// Start at Site, Route and Render.
package page
