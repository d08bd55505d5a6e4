// SPDX-License-Identifier: Apache-2.0

// Package blob keeps the bytes of attachments as files named by their SHA-256
// in one folder. Put returns only when the bytes and their name are on disk, so
// that a row that names them never outlives them. It bounds size, looks at what
// the bytes are instead of what they are called, and keeps no file's own name.
// It knows no matter and no permission. Start at Open, then Folder.Put.
package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"quanze/core/fault"
)

// Folder is a folder of files named by their hash. All methods may be called at
// the same time, by several processes too.
type Folder struct{ root string }

// Blob is a file in a Folder.
type Blob struct {
	SHA256 string
	Size   int64
	// Type is what the bytes are, such as "application/pdf".
	Type string
}

const incoming = "incoming"

// stale is the age at which a received file that nobody has named is a leftover
// of an upload that was cut off.
const stale = time.Hour

// Open opens a folder, makes it where it is missing, and removes what uploads
// that were cut off have left.
func Open(root string) (*Folder, error) {
	dir := filepath.Join(root, incoming)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making %s: %w", dir, err)
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("looking into %s: %w", dir, err)
	}
	for _, entry := range left {
		info, err := entry.Info()
		if err != nil || time.Since(info.ModTime()) < stale { // gone meanwhile, or another node's
			continue
		}
		if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("clearing %s: %w", dir, err)
		}
	}
	return &Folder{root}, syncFolder(root)
}

// Put keeps what r gives, up to limit bytes, if its type is one of types
// (DefaultTypes where there are none). The same bytes are kept once. Too much
// is a TooLarge fault, an empty file or another type an Invalid one.
func (f *Folder) Put(r io.Reader, limit int64, types ...string) (Blob, error) {
	file, err := os.CreateTemp(filepath.Join(f.root, incoming), "*")
	if err != nil {
		return Blob{}, fmt.Errorf("receiving a file: %w", err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // it has another name by now, or Open removes it
	defer file.Close()           //nolint:errcheck // what counts is Sync
	b, err := receive(file, r, limit)
	if err != nil {
		return Blob{}, err
	}
	if b.Type, err = sniff(file, b.Size); err != nil {
		return Blob{}, fmt.Errorf("looking at a file: %w", err)
	}
	if len(types) == 0 {
		types = DefaultTypes()
	}
	if !slices.Contains(types, b.Type) {
		return Blob{}, fault.New(fault.Invalid, "blob.type", "type", b.Type)
	}
	if err := f.keep(file, b.SHA256); err != nil {
		return Blob{}, fmt.Errorf("keeping file %s: %w", b.SHA256, err)
	}
	return b, nil
}

// receive copies r into the file and hashes it on the way.
func receive(file *os.File, r io.Reader, limit int64) (Blob, error) {
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, h), io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return Blob{}, fmt.Errorf("receiving a file: %w", err)
	case n > limit:
		return Blob{}, fault.New(fault.TooLarge, "blob.size", "limit", fmt.Sprint(limit))
	case n == 0:
		return Blob{}, fault.New(fault.Invalid, "blob.empty")
	}
	return Blob{SHA256: hex.EncodeToString(h.Sum(nil)), Size: n}, nil
}

// keep gives the file its name. The bytes are synced before the name, and the
// folders after, so that a power cut leaves all or nothing.
func (f *Folder) keep(file *os.File, sum string) error {
	if err := file.Chmod(0o400); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	path := f.path(sum)
	folder := filepath.Dir(path)
	if err := os.Mkdir(folder, 0o700); err == nil {
		if err := syncFolder(f.root); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	return syncFolder(folder)
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (f *Folder) path(sum string) string { return filepath.Join(f.root, sum[:2], sum) }

// valid reports whether the text is a hash, and so a name in this folder.
func valid(sum string) bool {
	return len(sum) == 2*sha256.Size && strings.Trim(sum, "0123456789abcdef") == ""
}

// Open opens a file for reading; the caller closes it. One that is not there is
// an Absent fault.
func (f *Folder) Open(sum string) (*os.File, error) {
	if !valid(sum) {
		return nil, fault.New(fault.Absent, "blob.absent")
	}
	file, err := os.Open(f.path(sum))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.Absent, "blob.absent")
	}
	if err != nil {
		return nil, fmt.Errorf("opening file %s: %w", sum, err)
	}
	return file, nil
}

// Verify reads a file again and reports whether its bytes are still those of
// its name.
func (f *Folder) Verify(sum string) (bool, error) {
	file, err := f.Open(sum)
	if err != nil {
		return false, err
	}
	defer file.Close() //nolint:errcheck // read only
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return false, fmt.Errorf("reading file %s: %w", sum, err)
	}
	return hex.EncodeToString(h.Sum(nil)) == sum, nil
}

// Remove removes a file that nothing names any more; one that is not there is
// no error.
func (f *Folder) Remove(sum string) error {
	if !valid(sum) {
		return nil
	}
	if err := os.Remove(f.path(sum)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing file %s: %w", sum, err)
	}
	return nil
}

// List lists the hashes of all files, sorted.
func (f *Folder) List() ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(f.root, "[0-9a-f][0-9a-f]", "*"))
	if err != nil {
		return nil, fmt.Errorf("listing files: %w", err)
	}
	var out []string
	for _, p := range paths {
		if sum := filepath.Base(p); valid(sum) {
			out = append(out, sum)
		}
	}
	return out, nil
}
