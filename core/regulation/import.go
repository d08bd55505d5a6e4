// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"quanze/core/fault"
)

// MaxBytes bounds one source file; the largest codes are below 2 MB.
const MaxBytes = 64 << 20

// Options is what an operator has settled before the import. The zero value
// imports a text as it stands.
type Options struct {
	// Words maps a word as printed to the word meant, once a person has
	// settled it: the substitution is made everywhere and stays on record.
	Words map[string]string
	// Encoding forces a decoding ("utf-8", "gb18030", "utf-16le",
	// "utf-16be"); empty means: find out.
	Encoding string
	// Title is the title of a text that prints none; it is used only then.
	Title string
}

// Result is the outcome of one import: the documents in the order of the
// file. A text with any content at all yields at least one document.
type Result struct {
	Documents []Document `json:"documents"`

	encoding string
}

// Encoding names the encoding the source was read in.
func (r *Result) Encoding() string { return r.encoding }

// Document is one legal text. A field that the text does not give is nil.
type Document struct {
	Title       string  `json:"title"`
	Number      *string `json:"number"`
	Issuer      *string `json:"issuer"`
	DatedOn     *string `json:"dated_on"`
	EffectiveOn *string `json:"effective_on"`

	Parts    int `json:"parts"`
	Chapters int `json:"chapters"`
	Sections int `json:"sections"`
	Articles int `json:"articles"`
	Items    int `json:"items"`
	SubItems int `json:"subitems"`

	Tree    []*Node   `json:"tree"`
	Defects []Defect  `json:"defects"`
	Dropped []Dropped `json:"dropped"`

	from, to int // physical lines this document spans
	title    span
	changes  []change
}

// Import reads one file of regulations. The name is only a hint: its stem is
// the title of a text that has none. The error is a fault.Fault where the
// bytes are no text at all or are too many.
func Import(name string, raw []byte, opt Options) (Result, error) {
	if len(raw) > MaxBytes {
		return Result{}, fault.New(fault.TooLarge, "regulation.import.large")
	}
	text, encoding, ok := decode(raw, opt.Encoding)
	if !ok {
		return Result{}, fault.New(fault.Invalid, "regulation.import.binary", "name", name)
	}
	j := newJob(name, opt)
	j.read(text)
	j.unwrap()
	j.restore()
	j.trim()
	j.mend()
	docs := j.documents()
	return Result{Documents: docs, encoding: encoding}, nil
}
