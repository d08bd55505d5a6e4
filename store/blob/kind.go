// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"path"
)

// The types beyond those of net/http that offices use every day.
const (
	docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	ofd  = "application/ofd"
	ole  = "application/x-ole-storage" // .doc, .xls, .wps of the older kind
)

// DefaultTypes lists what is accepted where nobody says otherwise: papers,
// pictures, sound and film. What a browser would run (HTML, SVG, XML) is not
// among them, nor are archives, which hide what they hold.
func DefaultTypes() []string {
	return []string{
		"application/pdf", docx, xlsx, pptx, ofd, ole, "text/plain",
		"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp",
		"audio/mpeg", "audio/wave", "application/ogg", "video/mp4", "video/webm",
	}
}

// maxParts bounds how many names of an archive are looked at.
const maxParts = 10_000

// sniff tells what a file is from its bytes.
func sniff(file *os.File, size int64) (string, error) {
	head := make([]byte, 512)
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	head = head[:n]
	if bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) {
		return ole, nil
	}
	kind, _, err := mime.ParseMediaType(http.DetectContentType(head))
	if err != nil {
		return "", err
	}
	if kind == "application/zip" {
		return packed(file, size), nil
	}
	return kind, nil
}

// packed tells an office paper from another archive by the parts it must have.
func packed(file *os.File, size int64) string {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return "application/zip"
	}
	var office bool
	var part string
	for i, f := range archive.File {
		if i == maxParts {
			break
		}
		switch name := path.Clean(f.Name); name {
		case "[Content_Types].xml":
			office = true
		case "word/document.xml":
			part = docx
		case "xl/workbook.xml":
			part = xlsx
		case "ppt/presentation.xml":
			part = pptx
		case "OFD.xml":
			return ofd
		default:
			if path.Base(name) == "vbaProject.bin" {
				return "application/zip" // it brings a program along
			}
		}
	}
	if office && part != "" {
		return part
	}
	return "application/zip"
}
