// SPDX-License-Identifier: Apache-2.0

package store

type cache struct{}
