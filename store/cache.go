// SPDX-License-Identifier: Apache-2.0

package store

import (
	"sync"

	"quanze/core/org"
)

// cache keeps what is read at every act and seldom changes: the organisation.
// It is good for one stamp of the registry. A stamp is random, not counted: one
// that was rolled back never comes again for something else.
type cache struct {
	mu    sync.Mutex
	stamp string
	org   *org.Org
}

func (c *cache) get(stamp string) *org.Org {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stamp == stamp {
		return c.org
	}
	return nil
}

func (c *cache) put(stamp string, o *org.Org) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stamp, c.org = stamp, o
}
