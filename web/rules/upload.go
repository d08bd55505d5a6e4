// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"maps"
	"mime/multipart"
	"path"
	"regexp"
	"slices"
	"strings"

	"quanze/core/fault"
	"quanze/core/rulepack"
	"quanze/web/ui"
)

// The bounds of what is handed in. A pack of a hundred clauses has some thirty
// files and 300 kB; what a file holds beyond its bound is never unpacked.
const (
	bodyOfPack = 10 << 20
	mostFiles  = 300
	mostFile   = 4 << 20
	mostPack   = 16 << 20
)

func uploadBounds() ui.Upload {
	return ui.Upload{Bytes: mostFile, Count: mostFiles, Types: []string{".zip", ".yaml"}}
}

// unpack reads what was handed in: one zip of a pack's folder, or its files.
func unpack(sent []*multipart.FileHeader) (rulepack.Files, error) {
	out := rulepack.Files{}
	size := 0
	for _, h := range sent {
		body, err := readPart(h)
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(path.Ext(h.Filename), ".zip") {
			if len(sent) > 1 {
				return nil, fault.New(fault.Invalid, "rules.upload.one_zip").At("files")
			}
			return unzip(body)
		}
		if size += len(body); size > mostPack {
			return nil, tooLarge()
		}
		name, ok := placeOf(path.Base(strings.ReplaceAll(h.Filename, `\`, "/")), body)
		if !ok {
			return nil, fault.New(fault.Invalid, "rules.upload.unknown", "name", path.Base(h.Filename)).At("files")
		}
		if out[name] != nil {
			return nil, fault.New(fault.Invalid, "rules.upload.twice", "name", name).At("files")
		}
		out[name] = body
	}
	return out, nil
}

func tooLarge() error { return fault.New(fault.Invalid, "rules.upload.large").At("files") }

func readPart(h *multipart.FileHeader) ([]byte, error) {
	f, err := h.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	return bounded(f, mostFile)
}

// bounded reads at most so many bytes; a file that has more is refused, whatever
// its header said.
func bounded(r io.Reader, most int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fault.New(fault.Invalid, "rules.upload.broken").At("files")
	}
	if int64(len(body)) > most {
		return nil, tooLarge()
	}
	return body, nil
}

// unzip reads a zip of a pack's folder. The folder itself may be the first part
// of every name. A name that leads elsewhere is refused, not cleaned.
func unzip(body []byte) (rulepack.Files, error) {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return nil, fault.New(fault.Invalid, "rules.upload.broken").At("files")
	}
	if len(z.File) > 2*mostFiles {
		return nil, tooLarge()
	}
	out := rulepack.Files{}
	size := 0
	for _, f := range z.File {
		if f.FileInfo().IsDir() || strings.HasPrefix(f.Name, "__MACOSX/") || strings.HasPrefix(path.Base(f.Name), ".") {
			continue
		}
		if !fs.ValidPath(f.Name) || strings.ContainsAny(f.Name, "\\:\x00") || !f.Mode().IsRegular() {
			return nil, fault.New(fault.Invalid, "rules.upload.path").At("files")
		}
		if path.Ext(f.Name) != ".yaml" {
			continue // other files are not read, as in a folder
		}
		if out[f.Name] != nil {
			return nil, fault.New(fault.Invalid, "rules.upload.twice", "name", f.Name).At("files")
		}
		r, err := f.Open()
		if err != nil {
			return nil, fault.New(fault.Invalid, "rules.upload.broken").At("files")
		}
		text, err := bounded(r, mostFile)
		r.Close() //nolint:errcheck // it was only read
		if err != nil {
			return nil, err
		}
		if size += len(text); size > mostPack || len(out) >= mostFiles {
			return nil, tooLarge()
		}
		out[f.Name] = text
	}
	return withoutFolder(out), nil
}

// withoutFolder takes away the folder that every name begins with, where the
// pack's head does not stand at the top.
func withoutFolder(files rulepack.Files) rulepack.Files {
	if files["pack.yaml"] != nil {
		return files
	}
	names := slices.Collect(maps.Keys(files))
	if len(names) == 0 {
		return files
	}
	folder, _, nested := strings.Cut(names[0], "/")
	out := rulepack.Files{}
	for name, text := range files {
		rest, ok := strings.CutPrefix(name, folder+"/")
		if !nested || !ok {
			return files
		}
		out[rest] = text
	}
	return out
}

// firstKeys are what a file of a pack begins with, and the folder it belongs in:
// a browser sends the names of files without their folders.
var firstKeys = []struct{ key, folder string }{
	{"procedure", "procedures"}, {"form", "forms"}, {"paper", "papers"}, {"table", "tables"}, {"ladder", "tables"}, {"list", "tables"},
	{"meeting", "meetings"}, {"case", "cases"},
}

var topKey = regexp.MustCompile(`(?m)^([a-z_]+):`)

// placeOf is where a file of that name belongs in a pack.
func placeOf(name string, body []byte) (string, bool) {
	if path.Ext(name) != ".yaml" || !fs.ValidPath(name) {
		return "", false
	}
	if name == "pack.yaml" || name == "clauses.yaml" || name == "equivalents.yaml" || name == "accepted.yaml" {
		return name, true
	}
	var keys []string
	for _, m := range topKey.FindAllSubmatch(body, 64) {
		keys = append(keys, string(m[1]))
	}
	for _, k := range firstKeys {
		if slices.Contains(keys, k.key) && (k.key != "procedure" || !slices.Contains(keys, "case")) {
			return k.folder + "/" + name, true
		}
	}
	return "", false
}
