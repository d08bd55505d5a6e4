// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"quanze/core/fault"
)

// example is the entry of docs/ledger-format.md.
func example() (Entry, []Salt) {
	e := Entry{
		Pseudonym: Pseudonym{0x01, 0x02, 0x03}, Kind: "done", At: time.Date(2026, 3, 2, 9, 30, 0, 123456789, time.FixedZone("", 8*60*60)),
		Pack: "xx01", Fields: []Field{{"act", []byte(`"accept"`)}, {"on", []byte(`"2026-03-02"`)}, {"fields.summary", []byte(`"事由"`)}},
	}
	return e, Seed{0xaa}.Salts(e.Fields)
}

func TestGolden(t *testing.T) {
	t.Parallel()
	e, salts := example()
	leaf, err := Commit(e, salts)
	if err != nil {
		t.Fatal(err)
	}
	b, err := leaf.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, got, want string }{
		{"salt", hex.EncodeToString(salts[0][:]), goldenSalt},
		{"leaf", hex.EncodeToString(b), goldenLeaf},
		{"commitment", leaf.Commitment().String(), goldenCommitment},
	} {
		if c.got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, c.got, c.want)
		}
	}
}

// TestLeafByHand writes the example's leaf from the words of the format alone.
func TestLeafByHand(t *testing.T) {
	t.Parallel()
	e, salts := example()
	sized := func(s string) string { return fmt.Sprintf("\x00\x00\x00%c%s", len(s), s) }
	field := func(i int) string {
		h := sha256.Sum256([]byte(string(salts[i][:]) + sized(e.Fields[i].Name) + sized(string(e.Fields[i].Value))))
		return string(h[:])
	}
	var at [8]byte
	micros := uint64(1772415000123456)
	for i := range at {
		at[7-i] = byte(micros >> (8 * i))
	}
	want := "qz/event/1\n" + "\x01\x02\x03" + strings.Repeat("\x00", 13) + sized("done") + string(at[:]) + sized("xx01") +
		strings.Repeat("\x00", 32) + "\x00\x00\x00\x03" + field(0) + field(2) + field(1) // act, fields.summary, on
	leaf, err := Commit(e, salts)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := leaf.MarshalBinary()
	if string(got) != want {
		t.Errorf("got  %x\nwant %x", got, want)
	}
	sum := sha256.Sum256([]byte("\x00" + want))
	if leaf.Commitment() != sum {
		t.Error("the commitment is not the hash of an RFC 6962 leaf")
	}
}

func TestSaltIsHMAC(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var seed Seed
		copy(seed[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "seed"))
		name := rapid.StringN(1, -1, maxShort).Draw(t, "name")
		mac := hmac.New(sha256.New, seed[:])
		mac.Write([]byte(saltLabel + name))
		got := seed.Salts([]Field{{Name: name}})
		if !hmac.Equal(got[0][:], mac.Sum(nil)) {
			t.Fatalf("the salt of %q is no HMAC", name)
		}
	})
}

// drawEntry draws an entry with at least one field, and its salts.
func drawEntry(t *rapid.T) (Entry, []Salt) {
	names := rapid.SliceOfNDistinct(rapid.StringN(1, -1, 40), 1, 8, rapid.ID).Draw(t, "names")
	e := Entry{
		Kind: rapid.StringN(1, -1, 20).Draw(t, "kind"), Pack: rapid.StringN(0, -1, 70).Draw(t, "pack"),
		At: time.UnixMicro(rapid.Int64Range(0, 1<<52).Draw(t, "at")).UTC(),
	}
	copy(e.Pseudonym[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "pseudonym"))
	copy(e.Prev[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "prev"))
	for _, n := range names {
		e.Fields = append(e.Fields, Field{n, rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(t, "value")})
	}
	var seed Seed
	copy(seed[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "seed"))
	return e, seed.Salts(e.Fields)
}

// TestTamper changes one thing of an entry: another commitment comes out.
func TestTamper(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e, salts := drawEntry(t)
		before, err := Commit(e, salts)
		if err != nil {
			t.Fatal(err)
		}
		other, otherSalts := e, slices.Clone(salts)
		other.Fields = slices.Clone(e.Fields)
		i := rapid.IntRange(0, len(e.Fields)-1).Draw(t, "which field")
		switch what := rapid.SampledFrom([]string{"pseudonym", "kind", "at", "pack", "prev", "name", "value", "longer", "salt", "fewer", "moved"}).Draw(t, "what"); what {
		case "pseudonym":
			other.Pseudonym[3]++
		case "kind":
			other.Kind += "x"
		case "at":
			other.At = e.At.Add(time.Microsecond)
		case "pack":
			other.Pack += "x"
		case "prev":
			other.Prev[31]++
		case "name":
			other.Fields[i].Name += "\x00"
		case "value":
			other.Fields[i].Value = append([]byte("x"), e.Fields[i].Value...)
		case "longer":
			other.Fields[i].Value = append(slices.Clone(e.Fields[i].Value), 0)
		case "salt":
			otherSalts[i][0] ^= 1
		case "fewer":
			other.Fields, otherSalts = slices.Delete(other.Fields, i, i+1), slices.Delete(otherSalts, i, i+1)
		case "moved": // from the end of the name to the front of the value
			n := len(e.Fields[i].Name)
			other.Fields[i] = Field{e.Fields[i].Name[:n-1], append([]byte{e.Fields[i].Name[n-1]}, e.Fields[i].Value...)}
		}
		after, err := Commit(other, otherSalts)
		if err == nil && after.Commitment() == before.Commitment() {
			t.Fatal("the commitment is the same")
		}
	})
}

// TestOrder: the order fields are given in does not matter, that of the hashes does.
func TestOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e, salts := drawEntry(t)
		leaf, err := Commit(e, salts)
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(e.Fields)
		slices.Reverse(salts)
		again, err := Commit(e, salts)
		if err != nil || again.Commitment() != leaf.Commitment() {
			t.Fatalf("given in another order: %v", err)
		}
		if len(leaf.Fields) > 1 {
			swapped := leaf
			swapped.Fields = slices.Clone(leaf.Fields)
			swapped.Fields[0], swapped.Fields[1] = swapped.Fields[1], swapped.Fields[0]
			if swapped.Commitment() == leaf.Commitment() {
				t.Fatal("hashes in another order commit to the same")
			}
		}
	})
}

func TestCommitRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	for name, change := range map[string]func(*Entry, *[]Salt){
		"no kind":             func(e *Entry, _ *[]Salt) { e.Kind = "" },
		"a long kind":         func(e *Entry, _ *[]Salt) { e.Kind = long },
		"a kind of no text":   func(e *Entry, _ *[]Salt) { e.Kind = "\xff" },
		"a long pack":         func(e *Entry, _ *[]Salt) { e.Pack = long },
		"a field without":     func(e *Entry, _ *[]Salt) { e.Fields[0].Name = "" },
		"a long name":         func(e *Entry, _ *[]Salt) { e.Fields[0].Name = long },
		"two of a name":       func(e *Entry, _ *[]Salt) { e.Fields[0].Name = e.Fields[1].Name },
		"too few salts":       func(_ *Entry, s *[]Salt) { *s = (*s)[1:] },
		"too many salts":      func(_ *Entry, s *[]Salt) { *s = append(*s, Salt{}) },
		"more fields than be": func(e *Entry, s *[]Salt) { e.Fields = make([]Field, maxFields+1); *s = make([]Salt, maxFields+1) },
	} {
		e, salts := example()
		change(&e, &salts)
		if _, err := Commit(e, salts); fault.Of(err) == nil {
			t.Errorf("%s: got %v, want a fault", name, err)
		}
	}
}

func TestOpening(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e, salts := drawEntry(t)
		leaf, _ := Commit(e, salts)
		var names []string
		for _, f := range e.Fields {
			if rapid.Bool().Draw(t, "shown") {
				names = append(names, f.Name)
			}
		}
		o, err := Open(e, salts, names...)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Verify(leaf.Commitment()); err != nil {
			t.Fatal(err)
		}
		if len(o.Fields) != len(names) {
			t.Fatalf("%d fields shown, want %d", len(o.Fields), len(names))
		}
		b, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		var read Opening
		if err := json.Unmarshal(b, &read); err != nil {
			t.Fatal(err)
		}
		if err := read.Verify(leaf.Commitment()); err != nil {
			t.Fatalf("after a journey as JSON: %v", err)
		}
		for i, f := range e.Fields {
			if !slices.Contains(names, f.Name) && bytes.Contains(b, []byte(hex.EncodeToString(salts[i][:]))) {
				t.Fatalf("the opening holds the salt of %q, which is not shown", f.Name)
			}
		}
		if len(o.Fields) > 0 {
			i := rapid.IntRange(0, len(o.Fields)-1).Draw(t, "which")
			forge(t, o, i, leaf.Commitment())
		}
	})
}

// forge changes one shown field in each way there is.
func forge(t *rapid.T, o Opening, i int, commitment Hash) {
	for what, change := range map[string]func(*Opened){
		"name":  func(f *Opened) { f.Name += "x" },
		"value": func(f *Opened) { f.Value = append(slices.Clone(f.Value), 'x') },
		"salt":  func(f *Opened) { f.Salt[9] ^= 4 },
		"place": func(f *Opened) { f.Index++ },
		"below": func(f *Opened) { f.Index = -1 },
		"far":   func(f *Opened) { f.Index = 1 << 30 },
	} {
		forged := o
		forged.Fields = slices.Clone(o.Fields)
		change(&forged.Fields[i])
		if forged.Verify(commitment) == nil {
			t.Fatalf("an opening with another %s verifies", what)
		}
	}
	twice := o
	twice.Fields = append(slices.Clone(o.Fields), o.Fields[i])
	if twice.Verify(commitment) == nil {
		t.Fatal("an opening that shows a field twice verifies")
	}
	other := o
	other.Leaf.Kind += "x"
	if other.Verify(commitment) == nil || o.Verify(Hash{}) == nil || o.Verify(other.Leaf.Commitment()) == nil {
		t.Fatal("an opening of another leaf verifies")
	}
}

func TestOpenUnknown(t *testing.T) {
	t.Parallel()
	e, salts := example()
	if _, err := Open(e, salts, "act", "none"); !fault.Is(err, fault.Absent) {
		t.Errorf("opening a field that is not there: %v", err)
	}
	if o, err := Open(e, salts, "act", "act"); err != nil || len(o.Fields) != 1 {
		t.Errorf("naming a field twice: %v", err)
	}
	if _, err := Open(e, salts[1:], "act"); err == nil {
		t.Error("opened with a salt too few")
	}
}

func TestHashText(t *testing.T) {
	t.Parallel()
	h := Hash(sha256.Sum256([]byte("x")))
	for _, s := range []string{"x", h.String()[1:], h.String() + "0", strings.ToUpper(h.String()), strings.Repeat("0", 64), strings.Repeat("g", 64)} {
		if _, err := ParseHash(s); !fault.Is(err, fault.Invalid) {
			t.Errorf("ParseHash(%q): %v", s, err)
		}
	}
	for _, want := range []Hash{h, {}} {
		got, err := ParseHash(want.String())
		if err != nil || got != want {
			t.Errorf("ParseHash(%q) = %v, %v", want, got, err)
		}
	}
}

func FuzzLeaf(f *testing.F) {
	e, salts := example()
	leaf, _ := Commit(e, salts)
	b, _ := leaf.MarshalBinary()
	f.Add(b)
	f.Add(b[:len(b)-1])
	f.Add([]byte(Format + "\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var leaf Leaf
		if err := leaf.UnmarshalBinary(b); err != nil {
			if fault.Of(err) == nil {
				t.Errorf("not a fault: %v", err)
			}
			return
		}
		again, err := leaf.MarshalBinary()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("reads %x and writes %x, %v", b, again, err)
		}
		var twice Leaf
		if err := twice.UnmarshalBinary(again); err != nil || cmp.Diff(leaf, twice) != "" {
			t.Errorf("%v %s", err, cmp.Diff(leaf, twice))
		}
	})
}

func FuzzParseHash(f *testing.F) {
	f.Add("")
	f.Add(goldenCommitment)
	f.Fuzz(func(t *testing.T, s string) {
		if h, err := ParseHash(s); err == nil && h.String() != s {
			t.Errorf("reads %q and writes %q", s, h)
		}
	})
}
