// SPDX-License-Identifier: Apache-2.0

package page

import (
	"errors"
	"net/http"

	"quanze/core/fault"
	"quanze/core/matter"
)

// statuses is the one table from what went wrong to what the client is told.
// What is not in it is our own failure.
var statuses = [...]struct {
	kind   fault.Kind
	status int
}{
	{fault.Refused, http.StatusUnprocessableEntity},
	{fault.Invalid, http.StatusBadRequest},
	{fault.Absent, http.StatusNotFound},
	{fault.Denied, http.StatusForbidden},
	{fault.Stale, http.StatusConflict},
	{fault.TooLarge, http.StatusRequestEntityTooLarge},
}

// Status returns the status for an error that a handler returned.
func Status(err error) int {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	var refusal *matter.Refusal
	if errors.As(err, &refusal) {
		return http.StatusUnprocessableEntity
	}
	if f := fault.Of(err); f != nil {
		for _, row := range statuses {
			if row.kind == f.Kind {
				return row.status
			}
		}
	}
	return http.StatusInternalServerError
}
