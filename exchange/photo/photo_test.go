package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// corner is a picture of w by h with a red upper left quarter, the rest white.
func corner(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.White)
			if x < w/2 && y < h/2 {
				m.Set(x, y, color.RGBA{200, 0, 0, 255})
			}
		}
	}
	return m
}

// withEXIF is a JPEG with an orientation, a maker, and a place in its EXIF.
func withEXIF(t *testing.T, m image.Image, orientation uint16, order binary.ByteOrder) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("II*\x00")
	if order == binary.BigEndian {
		tiff = []byte("MM\x00*")
	}
	add := func(v ...any) {
		for _, one := range v {
			switch one := one.(type) {
			case uint16:
				tiff, _ = binary.Append(tiff, order, one)
			case uint32:
				tiff, _ = binary.Append(tiff, order, one)
			}
		}
	}
	add(uint32(8), uint16(2))
	add(uint16(0x010F), uint16(2), uint32(4)) // the maker
	tiff = append(tiff, "GPS1"...)
	add(uint16(0x0112), uint16(3), uint32(1), orientation, uint16(0), uint32(0))
	segment := append([]byte("Exif\x00\x00"), tiff...)
	file := append([]byte("\xFF\xD8\xFF\xE1"), byte((len(segment)+2)>>8), byte(len(segment)+2))
	return append(append(file, segment...), append(b.Bytes()[2:], "GPS1 behind the end"...)...)
}

// Wherever the camera's top was, the red quarter comes to the upper left.
func TestAPhotoIsUprightAndHasNothingButItsPixels(t *testing.T) {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		for orientation := uint16(1); orientation <= 8; orientation++ {
			// What the camera stores is the upright picture turned the other way round.
			inverse := map[uint16]int{1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}[orientation]
			stored := turned(corner(64, 32), inverse)
			out, media, err := Clean(withEXIF(t, stored, orientation, order), 1000, 1e6)
			if err != nil || media != "image/jpeg" {
				t.Fatal(media, err)
			}
			m, err := jpeg.Decode(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			if b := m.Bounds(); b.Dx() != 64 || b.Dy() != 32 {
				t.Errorf("orientation %d: %v", orientation, b)
			}
			red := func(x, y int) bool { r, g, _, _ := m.At(x, y).RGBA(); return r>>8 > 150 && g>>8 < 80 }
			if !red(8, 4) || red(56, 4) || red(8, 28) || red(56, 28) {
				t.Errorf("orientation %d: the picture is not upright", orientation)
			}
			if bytes.Contains(out, []byte("Exif")) || bytes.Contains(out, []byte("GPS1")) {
				t.Errorf("orientation %d: EXIF is left", orientation)
			}
		}
	}
}

func TestALargePhotoIsFitted(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, corner(400, 100)); err != nil {
		t.Fatal(err)
	}
	out, media, err := Clean(b.Bytes(), 200, 1e6)
	if err != nil || media != "image/png" {
		t.Fatal(media, err)
	}
	c, err := png.DecodeConfig(bytes.NewReader(out))
	if err != nil || c.Width != 200 || c.Height != 50 {
		t.Errorf("%dx%d, %v; want 200x50", c.Width, c.Height, err)
	}
	if _, _, err := Clean(b.Bytes(), 200, 39_999); !errors.Is(err, ErrTooLarge) {
		t.Errorf("more pixels than may be: %v", err)
	}
}

func TestWhatIsNoPhotoIsRefused(t *testing.T) {
	for name, content := range map[string][]byte{
		"empty": nil, "text": []byte("no photo"), "a page": []byte("<html><script>alert(1)</script>"), "GIF": []byte("GIF89a\x01\x00\x01\x00"),
		"the head of a JPEG": []byte("\xFF\xD8\xFF\xE0\x00\x10JFIF"), "the head of a PNG": []byte("\x89PNG\r\n\x1a\n\x00\x00"),
	} {
		if _, _, err := Clean(content, 100, 1e6); !errors.Is(err, ErrNotPhoto) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
