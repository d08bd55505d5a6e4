// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"quanze/core/calendar"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// Mutant is the pack with one small change, and the case that noticed it.
type Mutant struct {
	rulepack.Pos
	// ID is the same however the rest of the pack is edited.
	ID string `json:"id"`
	// What is the change: the old and the new text, or that something is left
	// out. Clauses are those of the rule it sits in.
	What     string   `json:"what"`
	Clauses  []string `json:"clauses"`
	KilledBy string   `json:"killed_by,omitempty"`
	Because  string   `json:"because,omitempty"`

	change rulepack.Change
	names  []string
}

// String is for terminals and tests.
func (m Mutant) String() string { return m.Pos.String() + ": " + m.ID + " (" + join(m.Clauses) + ")" }

// mutate makes the mutants of all sites. What is changed at a site follows from
// how its value is written and from the key it stands under, so that a word
// which is new to the language is changed like its likes.
func mutate(pack *rulepack.Pack, sites []rulepack.Site) []Mutant {
	m := mutator{pack: pack}
	for i := range sites {
		m.site(&sites[i])
	}
	return m.out
}

type mutator struct {
	pack *rulepack.Pack
	out  []Mutant
}

func (m *mutator) text(s *rulepack.Site, to string) {
	m.add(s, rulepack.Change{Site: s, Op: rulepack.OpText, To: to}, s.Text+"->"+to)
}

func (m *mutator) add(s *rulepack.Site, c rulepack.Change, what string) {
	clauses, names := s.Clauses, namesAt(m.pack, s)
	if len(clauses) == 0 {
		clauses = clausesOf(m.pack, names)
	}
	m.out = append(m.out, Mutant{Pos: s.Pos, ID: s.ID + ":" + what, What: what, Clauses: append([]string{}, clauses...), change: c, names: names})
}

func (m *mutator) site(s *rulepack.Site) {
	if untold(procedureAt(m.pack, s), s) {
		return
	}
	m.omission(s)
	if !s.Scalar || s.Text == "" || slices.Contains(names, s.Key) {
		return
	}
	switch {
	case m.length(s), m.number(s), m.fraction(s), m.truth(s), m.span(s):
	case slices.Contains(conditions, s.Key) || comparison.MatchString(s.Text):
		m.expression(s)
	default:
		m.path(s)
		m.start(s)
		if to := opposites[s.Key][s.Text]; to != "" {
			m.text(s, to)
		}
	}
	for _, pair := range [][2]string{{"at_least", "more_than"}, {"at_most", "less_than"}} {
		if i := slices.Index(pair[:], s.Key); i >= 0 && !s.Entry {
			m.add(s, rulepack.Change{Site: s, Op: rulepack.OpKey, To: pair[1-i]}, s.Key+"->"+pair[1-i])
		}
	}
}

var (
	// names are keys under which an id, a name or a bound of what may be written
	// stands, never a rule.
	names = []string{"pack", "procedure", "form", "paper", "ladder", "table", "meeting", "type", "from", "low", "high", "finding", "local", "set_by"}
	// conditions are keys of expressions.
	conditions = []string{"if", "when", "becomes"}
	comparison = regexp.MustCompile(`&&|\|\||[<>]=?|[!=]=`)
	// opposites are words of which another would also be the law somewhere.
	opposites = map[string]map[string]string{
		"first_day":    {"excluded": "included", "included": "excluded"},
		"last_day_off": {"next": "stays", "stays": "next"},
		"parties":      {"any": "all", "all": "any"},
		"how":          {"exclude": "suspend", "suspend": "interrupt", "interrupt": "exclude"},
		"of":           {"members": "present", "present": "members", "voting": "present"},
		"all":          {"members": "present", "present": "members", "voting": "present"},
		"base":         {"keep": "leave", "leave": "keep"},
		"opinion":      {"required": "free", "free": "required"},
		"reasons":      {"required": "free", "free": "required"},
		"meanwhile":    {"stands_aside": "works_on", "works_on": "stands_aside"},
	}
)

// units by what each is taken for.
var units = map[calendar.Unit]calendar.Unit{
	calendar.Days: calendar.WorkingDays, calendar.WorkingDays: calendar.Days, calendar.HalfWorkingDays: calendar.WorkingDays,
	calendar.Weeks: calendar.Days, calendar.Months: calendar.Weeks, calendar.Quarters: calendar.Months, calendar.Years: calendar.Months,
}

// length: one more, one less, another unit.
func (m *mutator) length(s *rulepack.Site) bool {
	l, err := calendar.ParseLength(s.Text)
	if err != nil {
		return false
	}
	for _, other := range []calendar.Length{{N: l.N - 1, Unit: l.Unit}, {N: l.N + 1, Unit: l.Unit}, {N: l.N, Unit: units[l.Unit]}} {
		if other.Valid() && (l.N > 0 || other.N > 0) {
			m.text(s, other.String())
		}
	}
	return true
}

var wholeNumber = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})$`)

func (m *mutator) number(s *rulepack.Site) bool {
	if !wholeNumber.MatchString(s.Text) || s.Quoted {
		return false
	}
	n, _ := strconv.Atoi(s.Text)
	if n > 0 {
		m.text(s, strconv.Itoa(n-1))
	}
	m.text(s, strconv.Itoa(n+1))
	return true
}

// fraction: the edge moves by one part. That one part more than all is asked
// for is left to the loader to refuse.
func (m *mutator) fraction(s *rulepack.Site) bool {
	a, b, found := strings.Cut(s.Text, "/")
	if !found || !wholeNumber.MatchString(a) || !wholeNumber.MatchString(b) {
		return false
	}
	n, _ := strconv.Atoi(a)
	if n > 0 {
		m.text(s, strconv.Itoa(n-1)+"/"+b)
	}
	m.text(s, strconv.Itoa(n+1)+"/"+b)
	return true
}

// span is a range such as 2..5: each end moves both ways.
func (m *mutator) span(s *rulepack.Site) bool {
	a, b, found := strings.Cut(s.Text, "..")
	if !found || !wholeNumber.MatchString(a) || !wholeNumber.MatchString(b) {
		return false
	}
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	for _, d := range []int{-1, 1} {
		if x+d >= 0 {
			m.text(s, strconv.Itoa(x+d)+".."+b)
		}
		m.text(s, a+".."+strconv.Itoa(y+d))
	}
	return true
}

// kinds are booleans that say what may be bound or must be filled in, which the
// rules about clauses and contents test.
var kinds = []string{"unit", "person", "any", "private", "starts", "required"}

func (m *mutator) truth(s *rulepack.Site) bool {
	if s.Quoted || (s.Text != "true" && s.Text != "false") {
		return false
	}
	if !slices.Contains(kinds, s.Key) {
		m.text(s, strconv.FormatBool(s.Text == "false"))
	}
	return true
}

// roles are keys under which a path says who.
var roles = []string{"by", "approved_by", "role", "of", "to", "party", "members", "record", "last", "who", "asked_by", "decided_by", "substitute", "if_none"}

// path: the party or role is taken for the next one that is declared, and the
// head of a body for its staff.
func (m *mutator) path(s *rulepack.Site) {
	parts := strings.Split(s.Text, ".")
	p := procedureAt(m.pack, s)
	if !slices.Contains(roles, s.Key) || p == nil {
		return
	}
	var heads []string
	for _, x := range p.Parties {
		heads = append(heads, x.ID)
	}
	for _, x := range m.pack.Roles {
		heads = append(heads, x.ID)
	}
	i := slices.Index(heads, parts[0])
	if i < 0 {
		return
	}
	if len(heads) > 1 {
		m.text(s, strings.Join(append([]string{heads[(i+1)%len(heads)]}, parts[1:]...), "."))
	}
	last := len(parts) - 1
	switch parts[last] {
	case "principal", "deputy", "member", "leadership":
		m.text(s, strings.Join(append(slices.Clone(parts[:last]), "staff"), "."))
	case "staff":
		m.text(s, strings.Join(append(slices.Clone(parts[:last]), "principal"), "."))
	}
}

// untold: whose a term is shows in the record only where it may be late, and
// nobody may do what is forbidden, whoever is named.
func untold(p *rulepack.Procedure, s *rulepack.Site) bool {
	if p == nil || len(s.Path) != 3 {
		return false
	}
	of, _, _ := strings.Cut(s.Path[2], "[")
	switch t, a := p.Term(s.Path[1]), p.Act(s.Path[1]); {
	case s.Path[0] == "terms" && t != nil:
		return of == "of" && (t.Kind != rulepack.Duty || t.Within.Open())
	case s.Path[0] == "acts" && a != nil:
		return of == "by" && a.Modality == rulepack.Forbidden
	}
	return false
}

// start: a term begins with the paper instead of its service, with any outcome
// instead of one, with the proposal instead of the approval; and the other way.
func (m *mutator) start(s *rulepack.Site) {
	p := procedureAt(m.pack, s)
	if p == nil || (s.Key != "start" && s.Key != "moment") {
		return
	}
	moment, ok := p.Moment(s.Text)
	if !ok || moment.Kind == rulepack.MomentLapsed {
		return
	}
	a := p.Act(moment.Of)
	switch {
	case moment.Kind != rulepack.MomentDone:
		m.text(s, moment.Of)
	case a.Paper != nil && len(a.To) > 0:
		m.text(s, a.ID+".served")
	case len(a.Approved) > 0:
		m.text(s, a.ID+".proposed")
	case len(a.Outcomes) > 0:
		m.text(s, a.ID+"."+a.Outcomes[0].ID)
	}
}

var token = regexp.MustCompile(`'[^']*'|"[^"]*"|[A-Za-z_][A-Za-z_0-9.]*|&&|\|\||[<>=!]=|[<>!]|[0-9]+`)

var operators = map[string]string{"&&": "||", "||": "&&", ">": ">=", ">=": ">", "<": "<=", "<=": "<", "==": "!=", "!=": "==", "!": ""}

// expression: each operator for its neighbour, each number by one, a not left
// out. Texts in quotes stay.
func (m *mutator) expression(s *rulepack.Site) {
	for _, at := range token.FindAllStringIndex(s.Text, -1) {
		word := s.Text[at[0]:at[1]]
		with := func(other string) { m.text(s, s.Text[:at[0]]+other+s.Text[at[1]:]) }
		if other, ok := operators[word]; ok {
			with(other)
		} else if n, err := strconv.Atoi(word); err == nil && n < 1<<30 {
			with(strconv.Itoa(n + 1))
			if n > 0 {
				with(strconv.Itoa(n - 1))
			}
		}
	}
}

// single are keys of lists of relations where one word may stand alone.
var single = []string{"after", "waits_for", "opens", "closes", "redo", "releases", "separate_from", "undone_by", "to", "binds", "stops"}

// values are keys of lists that are no relations.
var values = []string{"options", "rows", "sets", "set_by", "inputs", "of", "staff"}

// omission leaves an entry of a list of relations out, or in a table whose
// first row that holds decides, puts a row after the next.
func (m *mutator) omission(s *rulepack.Site) {
	rows := slices.ContainsFunc(s.Path, func(p string) bool { return strings.HasPrefix(p, "rows[") })
	switch {
	case s.Key == "rows" && s.Entry && !s.Last && !m.ordered(s):
		return // of all that hold, or of the only one, the order says nothing, nor of two that say the same
	case s.Key == "rows" && s.Entry && !s.Last:
		m.add(s, rulepack.Change{Site: s, Op: rulepack.OpSwap}, "after the next row")
	case rows || slices.Contains(values, s.Key):
	case s.Entry, s.Alone && s.Scalar && s.Text != "" && slices.Contains(single, s.Key):
		m.add(s, rulepack.Change{Site: s, Op: rulepack.OpOmit}, "left out")
	}
}

// ordered reports whether the rows of a table are looked at in order.
func (m *mutator) ordered(s *rulepack.Site) bool {
	for _, t := range m.pack.Tables {
		if t.Basis.Pos.File != s.File {
			continue
		}
		i := slices.IndexFunc(t.Rows, func(r *rulepack.Row) bool { return r.Basis.Pos == s.Pos })
		return t.Hit == rulepack.First && (i < 0 || i+1 == len(t.Rows) || !sayAlike(t.Rows[i], t.Rows[i+1]))
	}
	return true
}

// sayAlike reports whether two rows say the same on the same clauses.
func sayAlike(a, b *rulepack.Row) bool {
	return slices.EqualFunc(a.Gives, b.Gives, func(x, y expr.Value) bool { return x.Zero() && y.Zero() || x.Equal(y) }) &&
		slices.Equal(a.Basis.Clauses(), b.Basis.Clauses())
}

func procedureAt(pack *rulepack.Pack, s *rulepack.Site) *rulepack.Procedure {
	for _, p := range pack.Procedures {
		if p.Basis.Pos.File == s.File {
			return p
		}
	}
	if len(pack.Procedures) == 0 {
		return nil
	}
	return pack.Procedures[0]
}
