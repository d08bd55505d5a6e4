// SPDX-License-Identifier: Apache-2.0

package schema

// node is a piece of JSON Schema.
type node = map[string]any

// The patterns of what the language writes as text.
const (
	idPattern       = `[a-z][a-z0-9_]{0,39}`
	dottedPattern   = `^` + idPattern + `(\.` + idPattern + `)*$`
	pathPattern     = idPattern + `(\.(above|deputy|leadership|member|principal|staff|unit))*`
	localPattern    = `local\.` + idPattern
	lengthPattern   = `^(0|[1-9][0-9]{0,4}) (day|working_day|half_working_day|week|month|quarter|year)s?$`
	countPattern    = `^(0|[1-9][0-9]*|[-+][0-9]+)$`
	sharePattern    = `^[+]?[0-9]+(/[+]?[0-9]+)?$`
	calendarPattern = `^[a-z]{2}@[0-9]{4}\.[0-9]+$`
	dayPattern      = `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`
)

// reserved are words that are no ids.
func reserved() []any {
	return []any{"yes", "no", "true", "false", "null", "law", "all", "any", "none", "proposed", "returned", "refused", "served", "lapsed", "local", "outcome"}
}

// scalar is any text: YAML reads some as numbers or as booleans, the loader
// does not.
func scalar() node { return node{"type": []any{"string", "number", "boolean"}} }

func pattern(p string) node { return node{"type": "string", "pattern": p} }

// plain is a text that is not blank.
func plain() node {
	n := scalar()
	n["minLength"] = 1
	return n
}

// fixed are the values that no pack adds to.
func fixed(name string) node {
	switch name {
	case "anything":
		return node{}
	case "text":
		return scalar()
	case "words":
		return plain()
	case "bool":
		return node{"type": "boolean"}
	case "true":
		return node{"const": true}
	case "int":
		return node{"anyOf": []any{node{"type": "integer"}, pattern(countPattern)}}
	case "day":
		return pattern(dayPattern)
	case "calendar":
		return pattern(calendarPattern)
	case "length":
		return pattern(lengthPattern)
	case "share":
		return node{"anyOf": []any{node{"type": "integer", "minimum": 1}, pattern(sharePattern)}}
	case "id":
		return node{"allOf": []any{pattern("^" + idPattern + "$"), node{"not": node{"enum": reserved()}}}}
	case "post":
		return node{"type": []any{"string", "number"}, "pattern": `\.`}
	case "blank":
		return node{"not": node{"type": []any{"array", "boolean", "number", "object"}}, "maxLength": 0}
	}
	return nil
}

// open are the values that a pack's own ids are offered for, and what else the
// loader may take there: ids that are yet to be written, and whatever only the
// use of it is held against.
func open(name string) node {
	id := pattern("^" + idPattern + "$")
	switch name {
	case "act", "block", "ending", "fact", "ladder", "local", "local_limit", "local_share", "party", "procedure", "term", "day_fact", "field":
		return id
	case "moment", "start", "column":
		return pattern(dottedPattern)
	case "path":
		return pattern("^(" + pathPattern + "|" + localPattern + ")$")
	case "by":
		return pattern(`^(` + pathPattern + `|` + localPattern + `|meeting\.` + idPattern + `)$`)
	case "cite", "form", "paper", "party_name", "whom":
		return plain()
	case "expression":
		return node{"type": []any{"string", "boolean"}, "minLength": 1}
	case "when", "meeting", "owed", "outcome", "field_name", "procedure_name", "ending_name":
		return scalar()
	}
	return nil
}
