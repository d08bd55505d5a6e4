// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"errors"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// shape is what a node of a pack's file is.
type shape uint8

const (
	scalar shape = iota
	mapping
	sequence
)

func (s shape) String() string { return [...]string{"text", "mapping", "list"}[s] }

// node is a YAML node with its place and nothing else: the pack format has no
// anchors, tags or merge keys, so a tree of texts, lists and pairs says all.
type node struct {
	pos    Pos
	shape  shape
	text   string
	quoted bool
	pairs  []pair
	items  []*node
}

type pair struct {
	key   string
	pos   Pos
	value *node
}

func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for _, p := range n.pairs {
		if p.key == key {
			return p.value
		}
	}
	return nil
}

// at is the place of the value at a key, of the whole where there is none.
func (n *node) at(key string) Pos {
	if v := n.get(key); v != nil {
		return v.pos
	}
	return n.pos
}

// reader turns one file into a node, collecting what the format forbids.
type reader struct {
	file  string
	diags Diagnostics
}

func (r *reader) report(line, col int, code Code, args ...string) {
	r.diags = append(r.diags, Diagnostic{Pos: Pos{r.file, line, col}, Severity: Error, Code: code, Args: args})
}

// maxPackFile bounds one file of a pack; the largest of ours has 40 kB. The
// parser is quadratic in one line, so the bound is also one of time.
const maxPackFile = 512 << 10

// maxDepth bounds nesting, so that a hostile file cannot exhaust the stack.
const maxDepth = 64

func readYAML(file string, data []byte) (*node, Diagnostics) {
	r := &reader{file: file}
	if len(data) > maxPackFile || tooIndented(data) {
		r.report(1, 1, CodeSyntax, "too large")
		return nil, r.diags
	}
	tokens := lexer.Tokenize(string(data))
	if tooDeep(tokens) {
		r.report(1, 1, CodeSyntax, "too large")
		return nil, r.diags
	}
	doc, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line, col := 1, 1
		text := err.Error()
		var yerr yaml.Error
		if errors.As(err, &yerr) {
			text = yerr.GetMessage()
			if t := yerr.GetToken(); t != nil && t.Position != nil {
				line, col = t.Position.Line, t.Position.Column
			}
		}
		r.report(line, col, CodeSyntax, text)
		return nil, r.diags
	}
	if len(doc.Docs) > 1 {
		r.report(1, 1, CodeFeature, "---")
	}
	if len(doc.Docs) == 0 || doc.Docs[0].Body == nil {
		return &node{pos: Pos{file, 1, 1}, shape: mapping}, r.diags
	}
	return r.convert(doc.Docs[0].Body), r.diags
}

// tooDeep refuses nesting in brackets that no pack needs before the parser
// meets it; brackets within texts and comments are no nesting.
func tooDeep(tokens token.Tokens) bool {
	depth := 0
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth = max(depth-1, 0)
		}
		if depth > maxDepth {
			return true
		}
	}
	return false
}

// tooIndented does the same for nesting by indentation.
func tooIndented(data []byte) bool {
	indent := 0
	for line := range strings.SplitSeq(string(data), "\n") {
		indent = max(indent, len(line)-len(strings.TrimLeft(line, " -?:")))
	}
	return indent > 16*maxDepth
}

func (r *reader) at(t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{r.file, 1, 1}
	}
	return Pos{r.file, t.Position.Line, t.Position.Column}
}

func (r *reader) convert(n ast.Node) *node {
	out := &node{pos: r.at(n.GetToken())}
	switch n := n.(type) {
	case *ast.MappingNode:
		out.shape = mapping
		for _, v := range n.Values {
			r.pair(out, v)
		}
		if len(out.pairs) > 0 && !n.IsFlowStyle {
			out.pos = out.pairs[0].pos
		}
	case *ast.MappingValueNode:
		out.shape = mapping
		r.pair(out, n)
		out.pos = out.pairs[0].pos
	case *ast.SequenceNode:
		out.shape = sequence
		for _, v := range n.Values {
			out.items = append(out.items, r.convert(v))
		}
	case *ast.StringNode:
		out.text = n.Value
		out.quoted = n.Token.Type == token.DoubleQuoteType || n.Token.Type == token.SingleQuoteType
	case *ast.LiteralNode:
		out.text, out.quoted = n.Value.Value, true
	case *ast.NullNode:
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		out.text = n.GetToken().Value
	default: // anchors, aliases, tags, merge keys, directives
		r.report(out.pos.Line, out.pos.Col, CodeFeature, n.GetToken().Value)
	}
	return out
}

func (r *reader) pair(out *node, v *ast.MappingValueNode) {
	key := v.Key.GetToken()
	p := pair{pos: r.at(key)}
	if _, merge := v.Key.(*ast.MergeKeyNode); merge {
		r.report(p.pos.Line, p.pos.Col, CodeFeature, "<<")
	}
	if s, ok := v.Key.(*ast.StringNode); ok {
		p.key = s.Value
	} else {
		p.key = key.Value
	}
	if out.get(p.key) != nil {
		r.report(p.pos.Line, p.pos.Col, CodeDuplicate, p.key)
	}
	p.value = r.convert(v.Value)
	out.pairs = append(out.pairs, p)
}

// integer reads a decimal number; a leading zero is no number here, so that a
// code such as 010 is never read as eight.
func integer(s string) (int, bool) {
	if s == "" || (len(s) > 1 && s[0] == '0') {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
