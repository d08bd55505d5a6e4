// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
)

func (d *draft) setNumber(t string) {
	if a, b, ok := findNumber(t); ok && d.doc.Number == nil {
		n := strings.ReplaceAll(t[a:b], " ", "")
		d.doc.Number = &n
	}
}

func (d *draft) setDated(day string) {
	if d.doc.DatedOn == nil && day != "" {
		d.doc.DatedOn = &day
	}
}

func (d *draft) setEffective(day string) {
	if d.doc.EffectiveOn == nil && day != "" {
		d.doc.EffectiveOn = &day
	}
}

func (d *draft) setIssuer(t string) {
	if d.doc.Issuer == nil {
		n := strings.Join(strings.Fields(t), "、")
		d.doc.Issuer = &n
	}
}

// readFields reads name-and-value pairs of a database of law, either 【名】值
// or 名:值, into the fields that are still empty.
func (d *draft) readFields(t string) {
	for _, f := range fieldsOf(t) {
		switch {
		case strings.Contains(f[0], "文号") || strings.Contains(f[0], "字号"):
			d.setNumber(f[1])
		case strings.Contains(f[0], "实施日期") || strings.Contains(f[0], "施行日期") || strings.Contains(f[0], "生效日期"):
			d.setEffective(dateOf(f[1]))
		case strings.Contains(f[0], "失效"):
		case strings.Contains(f[0], "日期") || strings.Contains(f[0], "时间"):
			d.setDated(dateOf(f[1]))
		}
	}
}

// maxFields bounds the fields of one line.
const maxFields = 64

// fieldsOf splits at the names of fields.
func fieldsOf(t string) [][2]string {
	type cut struct {
		at, end int
		name    string
	}
	var cuts []cut
	for _, w := range metaFields {
		for from := 0; ; {
			i := strings.Index(t[from:], w)
			if i < 0 || len(cuts) >= maxFields {
				break
			}
			at := from + i
			from = at + len(w)
			rest := strings.TrimLeft(t[from:], " ")
			if strings.HasPrefix(rest, "】") || strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "：") || strings.HasPrefix(rest, "]") {
				cuts = append(cuts, cut{at, from, w})
			}
		}
	}
	var out [][2]string
	for _, c := range cuts {
		end := len(t)
		for _, o := range cuts {
			if o.at > c.at && o.at < end {
				end = o.at
			}
		}
		if c.end <= end {
			out = append(out, [2]string{c.name, strings.Trim(t[c.end:end], "】:： 【]")})
		}
	}
	return out
}

// readEffective reads the commencement clause. A text in force from its issue
// takes the day it is dated.
func (d *draft) readEffective() {
	for i := len(d.blocks) - 1; i >= 0 && d.doc.EffectiveOn == nil; i-- {
		b := &d.blocks[i]
		if b.why != "" || !strings.Contains(b.text, "起") {
			continue
		}
		for _, w := range []string{"起施行", "起实施", "起生效", "起执行", "起试行"} {
			k := strings.LastIndex(b.text, w)
			if k < 0 {
				continue
			}
			head := b.text[:k]
			if s := strings.LastIndex(head, "自"); s >= 0 && k-s < 60 {
				clause := head[s:]
				if day := dateOf(clause); day != "" {
					d.setEffective(day)
				} else if strings.Contains(clause, "印发之日") || strings.Contains(clause, "下发之日") || strings.Contains(clause, "发布之日") || strings.Contains(clause, "公布之日") {
					d.fromIssue = true
					if d.doc.DatedOn != nil {
						d.setEffective(*d.doc.DatedOn)
					}
				}
			}
		}
	}
}

// ownTitle derives a title for a text that prints none: from the name of the
// instrument its first article implements and the word by which the text calls
// itself; failing that from the name of the file.
func (d *draft) ownTitle() string {
	name := d.j.name
	if i := strings.LastIndexAny(name, "/\\"); i >= 0 {
		name = name[i+1:]
	}
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	if d.j.isTitle(name) {
		return name
	}
	for i := range d.blocks {
		b := &d.blocks[i]
		if b.m.level != artMark || b.m.num != 1 || b.why != "" {
			continue
		}
		self := d.selfName(b.text)
		for _, t := range titlesIn(b.text) {
			if k := strings.LastIndex(t, "〈"); k >= 0 {
				t = strings.TrimSuffix(strings.SplitN(t[k+len("〈"):], "〉", 2)[0], "〉")
			}
			t = tidied(t)
			for _, w := range d.j.lex.instruments {
				if self != "" && strings.HasSuffix(t, "实施"+w) {
					return strings.TrimSuffix(t, w) + self
				}
			}
		}
		return ""
	}
	return ""
}

// selfName is what the text calls itself: the word behind 制定本.
func (d *draft) selfName(s string) string {
	i := strings.LastIndex(s, "制定本")
	if i < 0 {
		return ""
	}
	rest := s[i+len("制定本"):]
	for _, w := range d.j.lex.instruments {
		if strings.HasPrefix(rest, w) {
			return w
		}
	}
	return ""
}
