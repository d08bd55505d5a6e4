// SPDX-License-Identifier: Apache-2.0

// Package schema says what may stand where in the files of a pack, as one
// table, and writes it as JSON Schema (draft 7), so that an editor completes
// keys, offers the pack's own ids and shows what each word means. It is no
// second loader: it takes whatever rulepack.Load takes, names and expressions
// that lead nowhere included, and what is wrong beyond the shape only the
// loader tells. A test holds the two against each other. Start at Of; the table
// is in objects.go, the meanings are in words.txt.
package schema

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"quanze/core/rulepack"
)

// Kind is one kind of file of a pack.
type Kind string

// The kinds of file.
const (
	Pack        Kind = "pack"
	Clauses     Kind = "clauses"
	Procedure   Kind = "procedure"
	Form        Kind = "form"
	Paper       Kind = "paper"
	Table       Kind = "table"
	Meeting     Kind = "meeting"
	Case        Kind = "case"
	Equivalents Kind = "equivalents"
	Accepted    Kind = "accepted"
)

// Folder is where a pack keeps its schemas; nothing in it is part of the pack.
const Folder = "schema"

// Kinds lists all kinds of file.
func Kinds() []Kind {
	return []Kind{Pack, Clauses, Procedure, Form, Paper, Table, Meeting, Case, Equivalents, Accepted}
}

// KindOf tells of which kind a file is by its path within the pack; false where
// the loader does not read such a file.
func KindOf(file string) (Kind, bool) {
	folder, base := path.Split(file)
	stem, yaml := strings.CutSuffix(base, ".yaml")
	if !yaml {
		return "", false
	}
	switch kind := Kind(stem); {
	case folder == "":
		return kind, slices.Contains([]Kind{Pack, Clauses, Equivalents, Accepted}, kind)
	case strings.Count(folder, "/") == 1:
		kind = Kind(strings.TrimSuffix(folder, "s/"))
		return kind, strings.HasSuffix(folder, "s/") && slices.Contains([]Kind{Procedure, Form, Paper, Table, Meeting, Case}, kind)
	}
	return "", false
}

// Header is the first line of a file, which tells an editor where the schema is.
func Header(file string) string {
	kind, ok := KindOf(file)
	if !ok {
		return ""
	}
	return "# yaml-language-server: $schema=" + strings.Repeat("../", strings.Count(file, "/")) + Folder + "/" + string(kind) + ".json"
}

// Of writes the schema of one kind of file, with the ids of the pack where one
// is given, else of the language alone. The same pack gives the same bytes; nil
// for what is no kind.
func Of(kind Kind, pack *rulepack.Pack) []byte {
	if !slices.Contains(Kinds(), kind) {
		return nil
	}
	e := &emitter{objects: objects(), words: meanings(), vocabulary: vocabularyOf(pack), definitions: node{}}
	root := node{
		"$schema":     "http://json-schema.org/draft-07/schema#",
		"$comment":    "Written by quanze pack schema. Not to be edited.",
		"title":       string(kind) + ".json",
		"description": e.words.of(string(kind), ""),
	}
	is := e.shape(obj(string(kind)))
	if kind == Table {
		is = e.either(is, e.shape(obj("ladder")))
	}
	root["allOf"] = []any{is}
	root["definitions"] = e.definitions
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(root); err != nil {
		return nil // maps, lists and texts always encode
	}
	return out.Bytes()
}

// either is a table or a ladder, by the key that names it; before there is one,
// an editor is to offer the keys of both.
func (e *emitter) either(table, ladder node) node {
	return node{"if": node{"required": []any{"table"}}, "then": table, "else": node{
		"if": node{"anyOf": some([]string{"ladder", "list"})}, "then": ladder, "else": node{"anyOf": []any{table, ladder}}}}
}

// emitter writes shapes as JSON Schema and collects what they refer to.
type emitter struct {
	objects     map[string]object
	words       glossary
	vocabulary  *vocabulary
	definitions node
}

// ref refers to a definition, made at the first time of asking.
func (e *emitter) ref(name string, of func() node) node {
	if _, made := e.definitions[name]; !made {
		e.definitions[name] = node{} // an object may hold itself
		e.definitions[name] = of()
	}
	return node{"$ref": "#/definitions/" + name}
}

func (e *emitter) shape(s shape) node {
	n := e.filled(s)
	if !s.blank {
		return n
	}
	blank := e.ref("value.blank", func() node { return fixed("blank") })
	if all, ok := n["anyOf"].([]any); ok {
		return node{"anyOf": append(all, blank)}
	}
	return node{"anyOf": []any{n, blank}}
}

// filled is the shape where there is a value.
func (e *emitter) filled(s shape) node {
	switch {
	case s.value != "":
		return e.ref("value."+s.value, func() node { return e.value(s.value) })
	case s.object != "":
		return e.ref(s.object, func() node { return e.object(e.objects[s.object]) })
	case s.words != nil:
		return node{"enum": list(s.words)}
	case s.anyOf != nil:
		var all []any
		for _, one := range s.anyOf {
			all = append(all, e.shape(one))
		}
		return node{"anyOf": all}
	case s.list != nil:
		n := node{"type": "array", "items": e.shape(*s.list)}
		if s.least > 0 {
			n["minItems"] = s.least
		}
		return n
	case s.ids != nil:
		return node{"type": "object", "propertyNames": e.ref("value.id", func() node { return fixed("id") }), "additionalProperties": e.shape(*s.ids)}
	}
	return e.free(s)
}

// free is a mapping from any key, with the keys that the pack would put there.
func (e *emitter) free(s shape) node {
	n := node{"type": "object", "additionalProperties": e.shape(*s.free)}
	known := node{}
	for _, k := range e.vocabulary.names[s.known] {
		v := e.shape(*s.free)
		if options := e.vocabulary.options[s.known][k.id]; len(options) > 0 {
			one := enum(options)
			v = node{"anyOf": []any{one, node{"type": "array", "items": one}, v}}
		}
		if d := both(k.label); d != "" {
			v["description"] = d
		}
		known[k.id] = v
	}
	if len(known) > 0 {
		n["properties"] = known
	}
	return n
}

func (e *emitter) value(name string) node {
	if n := fixed(name); n != nil {
		return n
	}
	n := open(name)
	if names := e.vocabulary.names[name]; len(names) > 0 {
		return node{"anyOf": []any{enum(names), n}}
	}
	return n
}

func (e *emitter) object(o object) node {
	properties := node{}
	n := node{"type": "object", "additionalProperties": false, "properties": properties}
	var needed []any
	for _, k := range o.keys {
		is := k.is
		is.blank = is.blank && !k.must
		property := e.shape(is)
		property["description"] = e.words.of(o.name, k.name)
		properties[k.name] = property
		if k.must {
			needed = append(needed, k.name)
		}
	}
	if len(needed) > 0 {
		n["required"] = needed
	}
	if len(o.oneOf) > 0 {
		n["anyOf"] = some(o.oneOf)
	}
	var conditions []any
	for _, g := range o.given {
		conditions = append(conditions, g.schema())
	}
	if len(conditions) > 0 {
		n["allOf"] = conditions
	}
	return n
}

func (g given) schema() node {
	then := node{}
	if len(g.must) > 0 {
		then["required"] = list(g.must)
	}
	if len(g.some) > 0 {
		then["anyOf"] = some(g.some)
	}
	never := node{}
	for _, k := range g.never {
		never[k] = false
	}
	if len(never) > 0 {
		then["properties"] = never
	}
	return node{"if": node{"required": []any{g.key}, "properties": node{g.key: node{"enum": list(g.values)}}}, "then": then}
}

// some asks for one of the keys.
func some(keys []string) []any {
	var out []any
	for _, k := range keys {
		out = append(out, node{"required": []any{k}})
	}
	return out
}

// enum lists ids with what they are called, which editors show beside them.
func enum(names nameList) node {
	var ids, called []any
	said := false
	for _, n := range names {
		d := both(n.label)
		said = said || d != ""
		ids, called = append(ids, n.id), append(called, d)
	}
	out := node{"enum": ids}
	if said {
		out["enumDescriptions"] = called
	}
	return out
}

func both(l rulepack.Label) string {
	if l.Zh == "" {
		return l.En
	}
	return l.Zh + "\n\n" + l.En
}

func list(all []string) []any {
	out := make([]any, len(all))
	for i, s := range all {
		out[i] = s
	}
	return out
}

//go:embed words.txt
var wordsText string

// glossary holds one line of meaning in both languages by object and key.
type glossary map[string]string

// of finds the meaning of a key of an object, or of a kind of file, which has
// no key.
func (g glossary) of(object, key string) string {
	if s, ok := g[object+"."+key]; ok {
		return s
	}
	return g["*."+key]
}

// meanings reads words.txt: object.key | Chinese | English.
func meanings() glossary {
	out := glossary{}
	for line := range strings.Lines(wordsText) {
		if parts := strings.Split(strings.TrimSpace(line), " | "); len(parts) == 3 && !strings.HasPrefix(line, "#") {
			out[parts[0]] = parts[1] + "\n\n" + parts[2]
		}
	}
	return out
}
