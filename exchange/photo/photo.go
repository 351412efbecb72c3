// Package photo makes of a photo as a camera wrote it one that can be shown: turned
// upright, of a bounded size, and made anew from its pixels, so that nothing else
// that was in the file (where it was taken, by which device, a smaller copy) is left.
package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// quality is that of a JPEG that is written, of 100.
const quality = 88

// ErrNotPhoto says that the bytes are neither a JPEG nor a PNG that can be read.
var ErrNotPhoto = errors.New("neither a JPEG nor a PNG")

// ErrTooLarge says that a photo has more pixels than it may have.
var ErrTooLarge = errors.New("too many pixels")

// turns are the photos that are worked on at once: a large one takes some 200 MB.
var turns = make(chan struct{}, 2)

// Is reports whether the bytes begin as a JPEG or a PNG does.
func Is(content []byte) bool { return isJPEG(content) || isPNG(content) }

func isJPEG(content []byte) bool { return bytes.HasPrefix(content, []byte("\xFF\xD8\xFF")) }
func isPNG(content []byte) bool  { return bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")) }

// Clean returns the photo upright, with no side longer than side pixels, and its
// media type: a JPEG stays one, and so does a PNG. The error is ErrNotPhoto, or
// ErrTooLarge where it has more than pixels. Safe for concurrent use.
func Clean(content []byte, side, pixels int) (cleaned []byte, media string, err error) {
	decode, config, media := jpeg.Decode, jpeg.DecodeConfig, "image/jpeg"
	switch {
	case isPNG(content):
		decode, config, media = png.Decode, png.DecodeConfig, "image/png"
	case !isJPEG(content):
		return nil, "", ErrNotPhoto
	}
	c, err := config(bytes.NewReader(content))
	if err != nil || c.Width <= 0 || c.Height <= 0 {
		return nil, "", fmt.Errorf("%w: %w", ErrNotPhoto, err)
	}
	if c.Width > pixels/c.Height {
		return nil, "", ErrTooLarge
	}
	turns <- struct{}{}
	defer func() { <-turns }()
	whole, err := decode(bytes.NewReader(content))
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrNotPhoto, err)
	}
	turn := 1
	if media == "image/jpeg" {
		turn = orientation(content)
	}
	upright := turned(fitted(whole, side), turn)
	var out bytes.Buffer
	if media == "image/png" {
		err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, upright)
	} else {
		err = jpeg.Encode(&out, upright, &jpeg.Options{Quality: quality})
	}
	if err != nil {
		return nil, "", fmt.Errorf("write a photo: %w", err)
	}
	return out.Bytes(), media, nil
}

// fitted returns the picture with no side longer than side.
func fitted(m image.Image, side int) image.Image {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	longer := max(w, h)
	if longer <= side {
		return m
	}
	to := image.NewRGBA(image.Rect(0, 0, max(1, w*side/longer), max(1, h*side/longer)))
	draw.CatmullRom.Scale(to, to.Bounds(), m, b, draw.Src, nil)
	return to
}

// turned returns the picture as EXIF's orientation has it: 1 is upright, 2 to 8 are
// the other ways in which a camera can be held, mirrored or not.
func turned(m image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return m
	}
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	if orientation >= 5 {
		w, h = h, w
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	right, bottom := b.Dx()-1, b.Dy()-1
	for y := range h {
		for x := range w {
			from := [...][2]int{2: {right - x, y}, 3: {right - x, bottom - y}, 4: {x, bottom - y}, 5: {y, x}, 6: {y, bottom - x}, 7: {right - y, bottom - x}, 8: {right - y, x}}[orientation]
			to.Set(x, y, m.At(b.Min.X+from[0], b.Min.Y+from[1]))
		}
	}
	return to
}

// orientation returns how the camera was held, by the EXIF of a JPEG (CIPA DC-008,
// tag 0x0112), 1 where it does not say.
func orientation(file []byte) int {
	for at := 2; at+4 <= len(file) && file[at] == 0xFF; {
		marker, size := file[at+1], int(binary.BigEndian.Uint16(file[at+2:]))
		if marker == 0xDA || size < 2 || at+2+size > len(file) {
			return 1 // the picture begins
		}
		if body := file[at+4 : at+2+size]; marker == 0xE1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return ofTIFF(body[6:])
		}
		at += 2 + size
	}
	return 1
}

// ofTIFF returns the orientation of the first directory of a TIFF.
func ofTIFF(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	first := int(order.Uint32(tiff[4:]))
	if first < 8 || first+2 > len(tiff) {
		return 1
	}
	entries := tiff[first+2:]
	for range order.Uint16(tiff[first:]) {
		if len(entries) < 12 {
			break
		}
		if order.Uint16(entries) == 0x0112 {
			return int(order.Uint16(entries[8:]))
		}
		entries = entries[12:]
	}
	return 1
}
