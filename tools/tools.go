// SPDX-License-Identifier: Apache-2.0

//go:build tools

// Package tools pins the programs that the house is built and checked with, in
// a module of their own, so that what they need is no dependency of the program.
package tools

import (
	_ "github.com/a-h/templ/cmd/templ"
	_ "honnef.co/go/tools/cmd/staticcheck"
)
