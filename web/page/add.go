// SPDX-License-Identifier: Apache-2.0

package page

// Add puts a value under a name, as if it had been sent: what a handler has
// stored meanwhile, such as a file.
func (f *Form) Add(name, value string) { f.values[name] = append(f.values[name], value) }
