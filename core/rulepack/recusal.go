// SPDX-License-Identifier: Apache-2.0

package rulepack

// The acts that a recusal block gives.
const (
	AskRecusal    = "ask_recusal"
	SettleRecusal = "settle_recusal"
	// RecusalAbout is the field of both that names the person.
	RecusalAbout = "recusal_about"
	// RecusalGround is why.
	RecusalGround = "recusal_ground"
)

// Recusal says who must withdraw and how that is settled. The loader makes the
// two acts of it, so that asking and settling are acts like any other.
type Recusal struct {
	// Who may be asked to withdraw, and may withdraw of himself.
	Who []Path
	// Aside says that one who was asked about does nothing until it is settled.
	Aside bool
	// Substitute fills the place where all of Who had to withdraw.
	Substitute Path
	// SubstituteBasis is the clause that gives the substitute.
	SubstituteBasis Basis
	Basis           Basis
}

// recusal reads the block and makes its acts. The relations of acts are read
// later, so the fields and paths are checked there.
func (d *decoder) recusal(p *Procedure, n *node) func() {
	if n == nil || d.omitted(n) || !d.mapping(n, "ground", "who", "asked_by", "ask", "decided_by", "settle", "after", "within", "substitute", "meanwhile", "labels", "cite") {
		return nil
	}
	r := &Recusal{Aside: d.oneOf(n, "meanwhile", "works_on", "works_on", "stands_aside") == "stands_aside", Basis: d.basis(n, "recusal", true)}
	p.Recusal = r
	labels := n.get("labels")
	if labels == nil {
		d.report(n.pos, CodeMissingKey, "labels")
	} else {
		d.mapping(labels, "ask", "settle", "term", "about", "ground", "granted", "denied")
	}
	label := func(key string) Label {
		if labels == nil || labels.shape != mapping {
			return Label{}
		}
		return d.label(labels, key)
	}
	for _, w := range d.words(n, "who") {
		r.Who = append(r.Who, toPath(w))
	}
	if len(r.Who) == 0 {
		d.report(n.pos, CodeMissingKey, "who")
	}
	ask := &Act{ID: AskRecusal, Label: label("ask"), Repeat: true, Open: true, Modality: May, Recusal: r, Basis: r.Basis}
	settle := &Act{ID: SettleRecusal, Label: label("settle"), Repeat: true, Open: true, Modality: Must, Recusal: r, Basis: r.Basis}
	if v := n.get("ask"); v != nil && d.mapping(v, "cite") && !d.omitted(v) {
		ask.Basis = d.basis(v, "act ask_recusal", true)
	}
	if v := n.get("settle"); v != nil && d.mapping(v, "cite") && !d.omitted(v) {
		settle.Basis = d.basis(v, "act settle_recusal", true)
	}
	about := func() *Field {
		return &Field{ID: RecusalAbout, Label: label("about"), Type: FieldPersons, AnyOf: r.Who, AtLeast: 1, Required: true, Basis: r.Basis}
	}
	why := func() *Field {
		return &Field{ID: RecusalGround, Label: label("ground"), Help: d.optionalLabel(n, "ground"), Type: FieldLong, Required: true, Basis: r.Basis}
	}
	ask.Form = &Form{ID: AskRecusal, Fields: []*Field{about(), why()}}
	settle.Form = &Form{ID: SettleRecusal, Fields: []*Field{about(), why()}}
	settle.Outcomes = []*Outcome{{ID: "granted", Label: label("granted"), Basis: settle.Basis}, {ID: "denied", Label: label("denied"), Basis: settle.Basis}}
	if p.Act(AskRecusal) != nil || p.Act(SettleRecusal) != nil {
		d.report(n.pos, CodeTwice, AskRecusal, p.Basis.Pos.String())
		return nil
	}
	p.Acts = append(p.Acts, ask, settle)
	return func() { d.recusalPaths(p, n, ask, settle, label) }
}

func (d *decoder) recusalPaths(p *Procedure, n *node, ask, settle *Act, label func(string) Label) {
	r := p.Recusal
	for _, w := range r.Who {
		d.path(p, n.at("who"), w)
	}
	for _, by := range d.words(n, "asked_by") {
		ask.By = append(ask.By, toPath(by))
		d.path(p, n.at("asked_by"), toPath(by))
	}
	if len(ask.By) == 0 {
		d.report(n.pos, CodeMissingKey, "asked_by")
	}
	ask.By = append(ask.By, r.Who...)
	for _, by := range d.words(n, "decided_by") {
		settle.By = append(settle.By, toPath(by))
		d.path(p, n.at("decided_by"), toPath(by))
	}
	if len(settle.By) == 0 {
		d.report(n.pos, CodeMissingKey, "decided_by")
	}
	if s := n.get("substitute"); s != nil && !d.omitted(s) {
		r.Substitute, r.SubstituteBasis = toPath(s.text), r.Basis
		if s.shape == mapping && d.mapping(s, "role", "cite") {
			r.Substitute, r.SubstituteBasis = toPath(d.text(s, "role", true)), d.basis(s, "substitute", true)
		}
		d.path(p, s.pos, r.Substitute)
	}
	ask.After = d.conditions(p, n, d.decl(p, ask))
	askMoment, _ := p.Moment(AskRecusal)
	settle.After = []Condition{{Any: []Moment{askMoment}, Basis: ask.Basis}}
	if v := n.get("within"); v != nil && len(settle.By) > 0 {
		settled, _ := p.Moment(SettleRecusal)
		if p.Term("recusal_time") != nil {
			d.report(v.pos, CodeTwice, "recusal_time", p.Basis.Pos.String())
			return
		}
		p.Terms = append(p.Terms, &Term{ID: "recusal_time", Label: label("term"), Kind: Duty, Of: settle.By[0], Start: []Start{{Moment: askMoment}},
			Within: d.limit(n, "within"), MetBy: []Moment{settled}, Basis: settle.Basis})
	}
}
