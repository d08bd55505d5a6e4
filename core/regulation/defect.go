// SPDX-License-Identifier: Apache-2.0

package regulation

import "sort"

// Code names a kind of defect; docs/regulation-import.md tells what each asks
// of a person.
type Code string

// Codes that ask a person: the text may say something else than the law.
const (
	ReplacedWord    Code = "replaced_word"       // one odd phrase stands for a term throughout
	SwappedTerm     Code = "swapped_term"        // a legal term changed into a near synonym
	SwappedWord     Code = "swapped_word"        // an ordinary word changed into a near synonym
	CollapsedTiers  Code = "collapsed_tiers"     // two tiers of a ladder have become one
	PageNumber      Code = "page_number"         // a page number inside a sentence
	StrayNumber     Code = "stray_number"        // a number inside a sentence, perhaps a page's
	BrokenText      Code = "broken_text"         // characters that no rule repairs
	BrokenBytes     Code = "broken_bytes"        // bytes that no encoding explains
	MaskedText      Code = "masked_text"         // a name or term starred out
	RepeatedNumber  Code = "repeated_number"     // a number printed twice
	LostItemNumber  Code = "lost_item_number"    // an item without its number
	NumberGap       Code = "number_gap"          // a number left out
	DamagedMark     Code = "damaged_mark"        // a marker with half its parentheses
	MissingEndMark  Code = "missing_end_mark"    // a sentence without its end
	OpenTitleMark   Code = "open_title_mark"     // 《 without 》
	TitleDiffers    Code = "title_differs"       // two names for one text
	MissingTitle    Code = "missing_title"       // no title printed; one is proposed
	Letterhead      Code = "interleaved_columns" // columns of a letterhead read across
	DoubledWord     Code = "doubled_word"        // a word printed twice in a row
	RepeatedHeading Code = "repeated_heading"    // one number under several unnumbered headings
	CopyDiffers     Code = "copy_differs"        // a dropped second copy has other words
	NoStructure     Code = "no_structure"        // neither articles nor numbered headings
)

// Codes of repairs of form; they are on record as settled.
const (
	StraySpace       Code = "stray_space"
	CutWord          Code = "cut_word"
	CutTitle         Code = "cut_title"
	PinyinAnnotation Code = "pinyin_annotation"
	PinyinDamage     Code = "pinyin_damage"
	Traditional      Code = "traditional_script"
	VariantCharacter Code = "variant_character"
	ChunkNumber      Code = "chunk_number"
	RunTogether      Code = "run_together"
	MergedParagraphs Code = "merged_paragraphs"
)

// Place is one spot of a defect: the physical line of the source, and the
// anchor where that spot came to stand in the tree.
type Place struct {
	Anchor string `json:"anchor,omitempty"`
	Line   int    `json:"line"`
}

// Defect is something a person must settle, or, when Settled, a repair that
// was made. Text is what stands in the source, Proposal what should stand
// there as far as the importer can tell. Places lists all spots where one
// defect has several.
type Defect struct {
	Code     Code    `json:"code"`
	Anchor   string  `json:"anchor"`
	Line     int     `json:"line"`
	Text     string  `json:"text"`
	Proposal string  `json:"proposal"`
	Settled  bool    `json:"settled"`
	Places   []Place `json:"places,omitempty"`
}

// Dropped is a line, or a piece cut out of a line, that is no part of the
// text, with the reason.
type Dropped struct {
	Line int    `json:"line"`
	Text string `json:"text"`
	Why  string `json:"why"`
}

// Reasons for dropping.
const (
	whyFrame      = "site frame"
	whyHead       = "site head"
	whyPage       = "page number"
	whyChunk      = "chunk number"
	whyPinyin     = "pinyin annotation"
	whyNumber     = "document number, kept as number"
	whyDate       = "date line, kept as date"
	whySignature  = "signature, kept as issuer and date"
	whyIssuer     = "issuer line, kept as issuer"
	whyImprint    = "imprint"
	whyFields     = "database fields"
	whyCommentary = "commentary"
	whyCopy       = "second copy"
	whyMarkup     = "markup"
	whyScript     = "script"
	whyDatabase   = "database syntax"
	whyLetterhead = "letterhead"
	whyTitleMark  = "title mark"
	whyRuler      = "ruler"
	whyTitle      = "title printed again"
	whyIntro      = "introduction of the text"
)

// change is a repair that replaced characters: on the physical lines of at,
// was became now. Account balances its sums with it.
type change struct {
	at       span
	was, now string
}

// span is a range of physical lines.
type span struct{ from, to int }

func sortDefects(ds []Defect) {
	sort.SliceStable(ds, func(i, k int) bool {
		if ds[i].Line != ds[k].Line {
			return ds[i].Line < ds[k].Line
		}
		return ds[i].Code < ds[k].Code
	})
}

func sortDropped(ds []Dropped) {
	sort.SliceStable(ds, func(i, k int) bool { return ds[i].Line < ds[k].Line })
}
