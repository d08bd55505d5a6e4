// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"sort"
	"strconv"
	"strings"
)

// settlePending gives the defects of the tree their anchors.
func (d *draft) settlePending(ps []pending, named []Defect) {
	for _, p := range ps {
		x := p.d
		if p.node != nil {
			x.Anchor = p.node.Anchor
			if p.para > 0 {
				x.Anchor = p.node.paragraphAnchor(p.para)
			}
		}
		d.doc.Defects = append(d.doc.Defects, x)
	}
	d.doc.Defects = append(d.doc.Defects, named...)
	d.doc.Defects = append(d.doc.Defects, d.defects...)
	d.doc.Dropped = append(d.doc.Dropped, d.dropped...)
	d.doc.changes = append(d.doc.changes, d.changes...)
}

// settle hands what was found line by line to the document it belongs to,
// looks at the documents together, and puts all in order.
func (j *job) settle(docs []Document, drafts []*draft) []Document {
	if len(docs) == 0 {
		if len(j.dropped) == 0 && len(j.defects) == 0 {
			return []Document{}
		}
		docs = []Document{{Tree: []*Node{}}}
	}
	j.handOut(docs)
	j.shareNotice(docs, drafts)
	for i := range docs {
		d := &docs[i]
		if i < len(drafts) && d.Issuer == nil && drafts[i].imprint != "" {
			issuer := strings.Join(strings.Fields(drafts[i].imprint), "、")
			d.Issuer = &issuer
		}
		j.checkTitle(d, drafts, i)
		d.Defects = grouped(d.Defects)
		sortDefects(d.Defects)
		sortDropped(d.Dropped)
		if d.Defects == nil {
			d.Defects = []Defect{}
		}
		if d.Dropped == nil {
			d.Dropped = []Dropped{}
		}
	}
	return docs
}

// handOut gives each document what was dropped, changed or doubted on its
// lines.
func (j *job) handOut(docs []Document) {
	owner := func(line int) *Document {
		k := sort.Search(len(docs), func(i int) bool { return docs[i].from > line })
		return &docs[max(k-1, 0)]
	}
	for _, x := range j.dropped {
		d := owner(x.Line)
		d.Dropped = append(d.Dropped, x)
	}
	for _, x := range j.changes {
		d := owner(x.at.from)
		d.changes = append(d.changes, x)
	}
	indexes := make(map[*Document]lineIndex, len(docs))
	index := func(line int) lineIndex {
		d := owner(line)
		if indexes[d] == nil {
			indexes[d] = d.index()
		}
		return indexes[d]
	}
	for _, x := range j.defects {
		x.Anchor = index(x.Line).anchor(x)
		for k := range x.Places {
			p := &x.Places[k]
			p.Anchor = index(p.Line).anchor(Defect{Line: p.Line})
		}
		d := owner(x.Line)
		d.Defects = append(d.Defects, x)
	}
}

// lineIndex tells which nodes came from a line.
type lineIndex map[int][]*Node

func (d *Document) index() lineIndex {
	x := lineIndex{}
	for _, n := range d.Tree {
		n.walk(func(n *Node) {
			lo, hi := n.at.from, n.at.to
			for _, p := range n.paras {
				if lo == 0 || p.from < lo {
					lo = p.from
				}
				hi = max(hi, p.to)
			}
			for l := lo; l > 0 && l <= hi && l-lo < maxSpanned; l++ {
				x[l] = append(x[l], n)
			}
		})
	}
	return x
}

// maxSpanned bounds the lines of one node that are indexed, and maxSearched
// the nodes of one line that are searched for a defect's words.
const (
	maxSpanned  = 64
	maxSearched = 64
)

func (x lineIndex) anchor(d Defect) string {
	nodes := x[d.Line]
	if len(nodes) == 0 {
		return ""
	}
	if len(nodes) <= maxSearched {
		for _, want := range []string{d.Proposal, d.Text} {
			want = tidied(strings.ReplaceAll(want, "⏎", ""))
			if want == "" {
				continue
			}
			for _, n := range nodes {
				if where, ok := n.has(want); ok {
					return where
				}
			}
		}
	}
	return nodes[0].Anchor
}

// has tells under which anchor the node's own words hold s.
func (n *Node) has(s string) (string, bool) {
	if strings.Contains(n.Text, s) || strings.Contains(n.Title, s) {
		return n.Anchor, true
	}
	for k, p := range n.Paragraphs {
		if strings.Contains(p, s) {
			return n.paragraphAnchor(k + 1), true
		}
	}
	return "", false
}

// paragraphAnchor is the anchor of a paragraph: the node's own where it is the
// only one.
func (n *Node) paragraphAnchor(para int) string {
	if n.Kind == Article && len(n.Paragraphs) > 1 {
		return n.Anchor + "." + strconv.Itoa(para)
	}
	return n.Anchor
}

// grouped makes one defect of all settled repairs of one kind, with their
// places, because nobody has to look at them one by one.
func grouped(ds []Defect) []Defect {
	at := map[Code]int{}
	var out []Defect
	for _, d := range ds {
		if !d.Settled || len(d.Places) > 0 || d.Code == PageNumber || d.Code == CutWord || d.Code == PinyinDamage || d.Code == CutTitle {
			out = append(out, d)
			continue
		}
		k, ok := at[d.Code]
		if !ok {
			at[d.Code] = len(out)
			out = append(out, d)
			continue
		}
		if len(out[k].Places) == 0 {
			out[k].Places = []Place{{out[k].Anchor, out[k].Line}}
		}
		out[k].Places = append(out[k].Places, Place{d.Anchor, d.Line})
	}
	return out
}

// shareNotice gives the texts that one notice issues its number, issuer and
// date, and records the names by which it calls them.
func (j *job) shareNotice(docs []Document, drafts []*draft) {
	for i, d := range drafts {
		if len(d.names) < 2 || len(d.notice) == 0 {
			continue
		}
		for k := i + 1; k < len(docs); k++ {
			if len(drafts[k].notice) > 0 || drafts[k].noticeAt >= 0 {
				break
			}
			name, score := nearest(docs[k].Title, d.names)
			if score < 0.6 {
				break
			}
			drafts[k].names = append(drafts[k].names, name)
			for _, f := range []struct{ to, from **string }{
				{&docs[k].Number, &docs[i].Number}, {&docs[k].Issuer, &docs[i].Issuer}, {&docs[k].DatedOn, &docs[i].DatedOn},
			} {
				if *f.to == nil {
					*f.to = *f.from
				}
			}
			if docs[k].EffectiveOn == nil && drafts[k].fromIssue {
				docs[k].EffectiveOn = docs[k].DatedOn
			}
		}
	}
}

// nearest is the name most like a title, by their common pairs of characters.
func nearest(title string, names []string) (string, float64) {
	best, score := "", 0.0
	for _, n := range names {
		if n == title {
			return n, 1
		}
	}
	for _, n := range names {
		if len(n) > 4*len(title) || len(title) > 4*len(n) {
			continue // not two thirds alike whatever the words
		}
		if s := likeness(title, n); s > score {
			best, score = n, s
		}
	}
	return best, score
}

// likeness is the Dice measure over pairs of characters, from 0 to 1.
func likeness(a, b string) float64 {
	x, y := Bigrams(a), Bigrams(b)
	if len(x)+len(y) == 0 {
		return 0
	}
	count := map[string]int{}
	for _, p := range x {
		count[p]++
	}
	same := 0
	for _, p := range y {
		if count[p] > 0 {
			count[p]--
			same++
		}
	}
	return 2 * float64(same) / float64(len(x)+len(y))
}

// checkTitle reports a title that differs from the name the notice or the site
// gives the text, and proposes one where none is printed.
func (j *job) checkTitle(d *Document, drafts []*draft, i int) {
	if i >= len(drafts) {
		return
	}
	if d.Title == "" {
		d.Title = j.opt.Title
		if d.Title == "" {
			d.Title = drafts[i].ownTitle()
			if d.Title != "" {
				d.Defects = append(d.Defects, Defect{Code: MissingTitle, Line: d.from, Proposal: d.Title})
			}
		}
		return
	}
	name, score := nearest(d.Title, append(append([]string(nil), drafts[i].names...), j.siteNames(d)...))
	if score >= 0.6 && score < 1 && essence(name) != essence(d.Title) && !strings.HasPrefix(essence(d.Title), essence(name)) {
		d.Defects = append(d.Defects, Defect{Code: TitleDiffers, Line: d.title.from, Text: d.Title, Proposal: name})
	}
}

// maxSiteNames bounds the site's lines that are read as names of the text.
const maxSiteNames = 40

// siteNames are the titles that the site's frame prints, file endings off.
func (j *job) siteNames(d *Document) []string {
	var out []string
	for i, x := range d.Dropped {
		if i >= maxSiteNames {
			break
		}
		if x.Why != whyFrame {
			continue
		}
		t := x.Text
		if k := strings.Index(t, ".doc"); k > 0 {
			t = t[:k]
		}
		if j.isTitle(t) {
			out = append(out, t)
		}
	}
	return out
}
