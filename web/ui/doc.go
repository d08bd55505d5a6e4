// SPDX-License-Identifier: Apache-2.0

// Package ui holds the components of every page: for each a .templ with its
// types, its style in web/assets/src, and its examples, which feed the gallery
// and the tests. Components take plain values and text that is already
// translated, and *locale.Words where they have words of their own. They know
// no request, no rule and no role, and need no script. Start at Frame, Page
// and Examples.
package ui
