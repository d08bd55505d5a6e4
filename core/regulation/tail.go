// SPDX-License-Identifier: Apache-2.0

package regulation

import "strings"

// gluedFields are the field names that sites glue to the last sentence.
var gluedFields = []string{"发布部门:", "发布部门：", "发布单位:", "发布单位：", "发布机关:", "发布机关：", "颁布单位:", "颁布单位：", "发文单位:", "发文单位：", "发布日期:", "发布日期：", "颁布日期:", "颁布日期：", "实施日期:", "实施日期：", "生效日期:", "生效日期：", "【发布", "【颁布", "【法规"}

// readTail reads what stands behind the last article or heading: database
// fields and imprints glued to it, signatures, an annex.
func (d *draft) readTail() {
	last := -1
	for i := range d.blocks {
		if d.blocks[i].m.level != noMark && d.blocks[i].why == "" {
			last = i
		}
	}
	if last < 0 {
		return
	}
	for i := last; i < len(d.blocks); i++ {
		d.cutFields(i)
		d.cutImprint(i)
	}
	for i := last + 1; i < len(d.blocks); i++ {
		b := &d.blocks[i]
		t := b.text
		switch {
		case b.why != "" || b.m.level != noMark:
		case isAnnexLine(t):
			return
		case isDateLine(t):
			d.setDated(dateOf(t))
			d.drop(b, whyDate)
		case isMetaLine(t):
			d.readFields(t)
			d.drop(b, whyFields)
		case d.isSignedDate(t):
			d.readImprint(t)
			d.drop(b, whySignature)
		case d.j.isOrgan(t):
			d.setIssuer(t)
			d.drop(b, whySignature)
		}
	}
}

// cutFields cuts database fields off the end of a block.
func (d *draft) cutFields(i int) {
	b := &d.blocks[i]
	if b.why != "" {
		return
	}
	at := -1
	for _, w := range gluedFields {
		k := strings.Index(b.text, w)
		if k > 0 && (at < 0 || k < at) && endsSentence(strings.TrimRight(b.text[:k], " ")) {
			at = k
		}
	}
	if at < 0 {
		return
	}
	rest := b.line.slice(at, len(b.text))
	d.readFields(rest.text)
	d.dropped = append(d.dropped, droppedLines(rest, whyFields)...)
	b.line = b.line.slice(0, at).trimmed()
}

// cutImprint cuts an issuer and a date glued behind the last full stop.
func (d *draft) cutImprint(i int) {
	b := &d.blocks[i]
	if b.why != "" {
		return
	}
	k := strings.LastIndex(b.text, "。")
	if k < 0 {
		return
	}
	k += len("。")
	rest := b.line.slice(k, len(b.text)).trimmed()
	if rest.text == "" || !d.isSignedDate(rest.text) && !isDateLine(rest.text) {
		return
	}
	if isDateLine(rest.text) {
		d.setDated(dateOf(rest.text))
	} else {
		d.readImprint(rest.text)
	}
	d.dropped = append(d.dropped, droppedLines(rest, whyImprint)...)
	d.defects = append(d.defects, Defect{Code: RunTogether, Line: rest.first, Text: around(b.text, k, 6), Proposal: "", Settled: true})
	b.line = b.line.slice(0, k).trimmed()
}

// readImprint takes date and issuer of an imprint. The office that prints is
// the issuer only of a text that names no other.
func (d *draft) readImprint(t string) {
	f, _ := findDate(t)
	d.setDated(f.day)
	d.imprint = strings.Trim(t[:f.a], " (（")
}
