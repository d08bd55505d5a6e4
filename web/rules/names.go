// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"strconv"
	"strings"

	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office/library"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

// names puts what a pack and its record say into words.
type names struct {
	w    *locale.Words
	pack *rulepack.Pack
	// accounts are named by the person behind them; to who is no administrator,
	// one without a person only as an administrator.
	accounts map[store.AccountID]string
}

// names gathers the words for a pack. open says whether logins may be shown.
func (f *Front) names(ctx context.Context, w *locale.Words, p *rulepack.Pack, open bool) (names, error) {
	n := names{w, p, map[store.AccountID]string{}}
	r := f.office.DB.Reader()
	all, err := r.Accounts(ctx)
	if err != nil {
		return n, err
	}
	organisation, err := r.Organisation(ctx)
	if err != nil {
		return n, err
	}
	for _, a := range all {
		n.accounts[a.ID] = w.T("rules.by.admin")
		if open {
			n.accounts[a.ID] = a.Login
		}
		if p, ok := organisation.Person(a.Person); ok {
			n.accounts[a.ID] = n.person(p, a, open)
		}
	}
	return n, nil
}

func (n names) person(p org.Person, a store.Account, open bool) string {
	if open {
		return n.w.T("rules.by.person", "name", p.Name, "login", a.Login)
	}
	return p.Name
}

// by names an account; what the program did itself has none.
func (n names) by(id store.AccountID) string {
	if id == "" {
		return n.w.T("rules.by.program")
	}
	if s, ok := n.accounts[id]; ok {
		return s
	}
	return n.w.T("rules.by.admin")
}

func (n names) label(l rulepack.Label) string { return n.w.Name(l.Zh, l.En) }

func (n names) clauses(ids []string) []ui.Clause { return page.Clauses(n.w, n.pack, ids) }

// rule says in words what a rule is.
func (n names) rule(r library.Rule) string {
	return n.w.T(r.Key, "of", n.label(r.Of), "detail", n.label(r.Detail))
}

// path names a role: a party or a role of the pack, then what of it.
func (n names) path(p rulepack.Path) string {
	if len(p) == 0 {
		return ""
	}
	head := p[0]
	switch {
	case head == rulepack.ByLaw:
		head = n.w.T("path.law")
	case head == "local" && len(p) > 1:
		if l := n.pack.Local(p[1]); l != nil {
			return n.w.T("rules.path.local", "name", n.label(l.Label))
		}
	case n.pack.Role(head) != nil:
		head = n.label(n.pack.Role(head).Label)
	default:
		for _, proc := range n.pack.Procedures {
			if party := proc.Party(head); party != nil {
				head = n.label(party.Label)
				break
			}
		}
	}
	for _, s := range p[1:] {
		head = n.w.T("path."+s, "of", head)
	}
	return head
}

// value puts the value of a local parameter into words.
func (n names) value(l *rulepack.Local, value string) string {
	switch l.Type {
	case "limit":
		if length, err := calendar.ParseLength(value); err == nil {
			return n.w.Length(length)
		}
	case "bool":
		return n.w.T("answer." + value)
	case "choice", "role":
		for _, o := range l.Options {
			if o.ID == value {
				return n.option(l, o)
			}
		}
	case "int", "amount":
		if k, err := strconv.Atoi(value); err == nil {
			return n.w.Number(k)
		}
	}
	return value
}

// option names one option; one of a role is the path it names.
func (n names) option(l *rulepack.Local, o rulepack.Option) string {
	switch {
	case o.Label != (rulepack.Label{}):
		return n.label(o.Label)
	case l.Type == "role":
		return n.path(strings.Split(o.ID, "."))
	}
	return o.ID
}

// limit says how long a term may take, as the pack has it.
func (n names) limit(t *rulepack.Term) string {
	switch {
	case t.Within.Local != "":
		if l := n.pack.Local(t.Within.Local); l != nil {
			return n.w.T("rules.limit.local", "name", n.label(l.Label))
		}
	case t.Within.SetBy != "":
		return n.w.T("rules.limit.set")
	case t.Within.Length.N > 0:
		return n.w.Length(t.Within.Length)
	case t.ForLife:
		return n.w.T("rules.limit.life")
	}
	return n.w.T("rules.limit.open")
}

// short is the beginning of a hash, enough to tell versions apart.
func short(hash string) string { return hash[:min(12, len(hash))] }
