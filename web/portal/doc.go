// SPDX-License-Identifier: Apache-2.0

// Package portal is the front for anyone without an account: what this is, and
// the regulation library with its documents, clauses and search. It shows a
// text as it was imported, and where it was not, the gists of its rule pack,
// saying so. It writes nothing and shows nothing of matters. Start at Front and
// Routes; a page is a handler, a pure builder (newXPage) and a template.
package portal
