// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"quanze/core/fault"
)

func openFolder(t *testing.T) *Folder {
	t.Helper()
	f, err := Open(filepath.Join(t.TempDir(), "made"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

func incomingFiles(t *testing.T, f *Folder) int {
	t.Helper()
	left, err := os.ReadDir(filepath.Join(f.root, incoming))
	if err != nil {
		t.Fatal(err)
	}
	return len(left)
}

func TestPut(t *testing.T) {
	t.Parallel()
	f := openFolder(t)
	const text = "一份说明"
	for range 2 { // the same bytes are kept once
		got, err := f.Put(iotest.OneByteReader(strings.NewReader(text)), int64(len(text)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Blob{SHA256: sum(text), Size: int64(len(text)), Type: "text/plain"}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	file, err := f.Open(sum(text))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if b, err := io.ReadAll(file); string(b) != text || err != nil {
		t.Errorf("read back %q, %v", b, err)
	}
	if ok, err := f.Verify(sum(text)); !ok || err != nil {
		t.Errorf("Verify: %v, %v", ok, err)
	}
	all, err := f.List()
	if err != nil || len(all) != 1 || all[0] != sum(text) {
		t.Errorf("List: %v, %v", all, err)
	}
	if n := incomingFiles(t, f); n != 0 {
		t.Errorf("%d files left behind", n)
	}
}

func TestPutRefuses(t *testing.T) {
	t.Parallel()
	f := openFolder(t)
	for name, c := range map[string]struct {
		content string
		limit   int64
		kind    fault.Kind
	}{
		"too large":       {"12345", 4, fault.TooLarge},
		"empty":           {"", 4, fault.Invalid},
		"a page":          {"<!DOCTYPE html><script>alert(1)</script>", 100, fault.Invalid},
		"a drawing":       {"<?xml version=\"1.0\"?><svg/>", 100, fault.Invalid},
		"a program":       {"\x7fELF\x02\x01\x01\x00\x00\x00", 100, fault.Invalid},
		"another archive": {string(zipped(t, "a.txt")), 1000, fault.Invalid},
		"with a macro":    {string(zipped(t, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")), 1000, fault.Invalid},
		"a broken zip":    {"PK\x03\x04 and then nothing", 1000, fault.Invalid},
	} {
		if _, err := f.Put(strings.NewReader(c.content), c.limit); !fault.Is(err, c.kind) {
			t.Errorf("%s: got %v, want a fault that is %s", name, err, c.kind)
		}
	}
	broken := errors.New("the line broke")
	if _, err := f.Put(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken)), 100); !errors.Is(err, broken) {
		t.Errorf("a broken line: %v", err)
	}
	if all, err := f.List(); len(all) != 0 || err != nil || incomingFiles(t, f) != 0 {
		t.Errorf("what was refused left something: %v, %v", all, err)
	}
}

func zipped(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		w, err := z.Create(n)
		if err == nil {
			_, err = io.WriteString(w, "x")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTypes(t *testing.T) {
	t.Parallel()
	f := openFolder(t)
	for name, c := range map[string]struct{ content, want string }{
		"pdf":  {"%PDF-1.7\n", "application/pdf"},
		"png":  {"\x89PNG\r\n\x1a\n", "image/png"},
		"jpeg": {"\xff\xd8\xff\xe0", "image/jpeg"},
		"doc":  {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ole},
		"docx": {string(zipped(t, "[Content_Types].xml", "word/document.xml")), docx},
		"xlsx": {string(zipped(t, "[Content_Types].xml", "xl/workbook.xml")), xlsx},
		"pptx": {string(zipped(t, "[Content_Types].xml", "ppt/presentation.xml")), pptx},
		"ofd":  {string(zipped(t, "OFD.xml", "Doc_0/Document.xml")), ofd},
		"text": {"关于", "text/plain"},
	} {
		got, err := f.Put(strings.NewReader(c.content), 1<<20)
		if err != nil || got.Type != c.want {
			t.Errorf("%s: got %q, %v, want %q", name, got.Type, err, c.want)
		}
	}
	if _, err := f.Put(strings.NewReader("%PDF-1.7\n"), 1<<20, "image/png"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a type that is not listed: %v", err)
	}
}

func TestAbsent(t *testing.T) {
	t.Parallel()
	f := openFolder(t)
	for _, name := range []string{"", "..", "../../etc/passwd", sum("nothing"), strings.ToUpper(sum("nothing"))} {
		if _, err := f.Open(name); !fault.Is(err, fault.Absent) {
			t.Errorf("Open(%q): %v", name, err)
		}
		if err := f.Remove(name); err != nil {
			t.Errorf("Remove(%q): %v", name, err)
		}
	}
}

func TestVerifyFindsDamage(t *testing.T) {
	t.Parallel()
	f := openFolder(t)
	b, err := f.Put(strings.NewReader("text"), 10)
	if err != nil {
		t.Fatal(err)
	}
	path := f.path(b.SHA256)
	if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, []byte("test"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if ok, err := f.Verify(b.SHA256); ok || err != nil {
		t.Errorf("Verify of a damaged file: %v, %v", ok, err)
	}
	if err := f.Remove(b.SHA256); err != nil {
		t.Error(err)
	}
	if _, err := f.Verify(b.SHA256); !fault.Is(err, fault.Absent) {
		t.Errorf("Verify of a removed file: %v", err)
	}
}

func TestOpenClearsLeftovers(t *testing.T) {
	t.Parallel()
	f := openFolder(t)
	old, fresh := filepath.Join(f.root, incoming, "old"), filepath.Join(f.root, incoming, "fresh")
	before := time.Now().Add(-2 * stale)
	if err := errors.Join(os.WriteFile(old, nil, 0o600), os.WriteFile(fresh, nil, 0o600), os.Chtimes(old, before, before)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(f.root); err != nil {
		t.Fatal(err)
	}
	_, goneErr := os.Stat(old)
	if _, err := os.Stat(fresh); !os.IsNotExist(goneErr) || err != nil {
		t.Errorf("the old one: %v, the fresh one: %v", goneErr, err)
	}
}

func TestPutTogether(t *testing.T) {
	t.Parallel()
	f := openFolder(t)
	var wait sync.WaitGroup
	for i := range 16 {
		wait.Go(func() {
			if _, err := f.Put(strings.NewReader(strings.Repeat("x", 1+i%4)), 10); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if all, err := f.List(); len(all) != 4 || err != nil {
		t.Errorf("%d files, want 4: %v", len(all), err)
	}
}

func TestSafeName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"来信.pdf": "来信.pdf", "a b  c.txt": "a b c.txt", "../../etc/passwd": "passwd", `C:\dir\报告.docx`: "报告.docx",
		"": "file", "..": "file", "/": "file", " . ": "file", "\xff\xfe": "file", "a\x00b\nc.txt": "ab c.txt",
		"cod\u202efdp.exe": "codfdp.exe", "CON": "_CON", "com1.txt": "_com1.txt", "comma.txt": "comma.txt", ".hidden": "hidden",
		"a<b>:\"|?*%.txt": "a b .txt", "x.averyveryverylongending": "x.averyveryverylongending",
	} {
		if got := SafeName(name); got != want {
			t.Errorf("SafeName(%q) = %q, want %q", name, got, want)
		}
	}
	if got := SafeName(strings.Repeat("长", 300) + ".pdf"); utf8.RuneCountInString(got) != maxName || !strings.HasSuffix(got, ".pdf") {
		t.Errorf("a long name became %q", got)
	}
}

func FuzzSafeName(f *testing.F) {
	f.Add("来信.pdf")
	f.Add("a/b\\c.")
	f.Fuzz(func(t *testing.T, name string) {
		got := SafeName(name)
		if got == "" || !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxName+1 || strings.ContainsAny(got, "/\\\x00") {
			t.Errorf("SafeName(%q) = %q", name, got)
		}
		for _, r := range got {
			if !unicode.IsPrint(r) {
				t.Errorf("SafeName(%q) = %q holds %U", name, got, r)
			}
		}
		if again := SafeName(got); again != got {
			t.Errorf("SafeName(%q) = %q, and again %q", name, got, again)
		}
	})
}
