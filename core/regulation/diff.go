// SPDX-License-Identifier: Apache-2.0

package regulation

// ChangeKind says what became of a place between two documents.
type ChangeKind string

// The kinds of a Change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Altered ChangeKind = "altered"
	Moved   ChangeKind = "moved" // same words under another anchor
)

// Change is one difference between two documents. Was and Now are the anchors
// on either side, WasText and NowText the words; a side that does not exist is
// empty.
type Change struct {
	Kind    ChangeKind `json:"kind"`
	Was     string     `json:"was,omitempty"`
	Now     string     `json:"now,omitempty"`
	WasText string     `json:"was_text,omitempty"`
	NowText string     `json:"now_text,omitempty"`
}

// Diff compares two documents article by article, or, where there are none,
// heading by heading. Words that moved to another number are found again;
// blanks and widths make no difference.
func Diff(a, b Document) []Change {
	was, now := a.units(), b.units()
	nowAt, nowBy := map[string]unit{}, map[string]unit{}
	for _, u := range now {
		nowAt[u.anchor] = u
		if _, ok := nowBy[u.body]; !ok {
			nowBy[u.body] = u
		}
	}
	wasBy := map[string]string{}
	for _, u := range was {
		if _, ok := wasBy[u.body]; !ok {
			wasBy[u.body] = u.anchor
		}
	}
	var out []Change
	seen := map[string]bool{}
	for _, u := range was {
		same, there := nowAt[u.anchor]
		moved, elsewhere := nowBy[u.body]
		switch {
		case there && same.body == u.body:
			seen[u.anchor] = true
		case elsewhere && !seen[moved.anchor] && nowAt[moved.anchor].body == u.body && wasBy[u.body] == u.anchor:
			seen[moved.anchor] = true
			out = append(out, Change{Moved, u.anchor, moved.anchor, u.text, moved.text})
		case there && wasBy[same.body] == "":
			seen[u.anchor] = true
			out = append(out, Change{Altered, u.anchor, u.anchor, u.text, same.text})
		default:
			out = append(out, Change{Kind: Removed, Was: u.anchor, WasText: u.text})
		}
	}
	for _, u := range now {
		if !seen[u.anchor] {
			out = append(out, Change{Kind: Added, Now: u.anchor, NowText: u.text})
		}
	}
	return out
}

// unit is what Diff compares: an article or a heading with its own words.
type unit struct{ anchor, text, body string }

func (d *Document) units() []unit {
	var out []unit
	for _, n := range d.Tree {
		n.walk(func(n *Node) {
			switch n.Kind {
			case Article:
				body := *n
				body.mark = ""
				out = append(out, unit{n.Anchor, n.PlainText(), Normalised(body.PlainText())})
			case Heading:
				own := *n
				own.Children, own.order = nil, nil
				text := own.PlainText()
				own.mark = ""
				out = append(out, unit{n.Anchor, text, Normalised(own.PlainText())})
			}
		})
	}
	return out
}
