package face

import (
	"encoding/binary"
	"fmt"
)

// Operators of charstrings (Adobe TN 5177).
const (
	csHStem     = 1
	csVStem     = 3
	csCallSubr  = 10
	csReturn    = 11
	csEscape    = 12
	csEndChar   = 14
	csHStemHM   = 18
	csHintMask  = 19
	csCntrMask  = 20
	csVStemHM   = 23
	csCallGSubr = 29
)

// flattener copies a charstring, and in the place of each call what is called. It
// counts operands and stems, as the length of a mask follows from them.
type flattener struct {
	local, global index
	out           []byte
	operands      int
	stems         int
	last          int // where the operand on top of the stack begins in out, -1 where it was none
	value         int // of that operand
	ended         bool
}

// Bounds of a charstring: TN 5177 allows calls ten deep.
const (
	mostCalls   = 10
	mostOutline = 1 << 20
)

// flatten returns a charstring without calls.
func flatten(charString []byte, local, global index) ([]byte, error) {
	f := &flattener{local: local, global: global, last: -1}
	if err := f.copy(charString, 0); err != nil {
		return nil, err
	}
	if !f.ended {
		f.out = append(f.out, csEndChar)
	}
	return f.out, nil
}

func (f *flattener) copy(b []byte, depth int) error {
	if depth > mostCalls || len(f.out) > mostOutline {
		return fmt.Errorf("%w: an outline calls without end", errBroken)
	}
	for at := 0; at < len(b) && !f.ended; {
		c := int(b[at])
		if size := operandSize(c); size > 0 {
			f.last, f.value = len(f.out), operand(b[at:at+size])
			f.operands++
			f.out = append(f.out, b[at:at+size]...)
			at += size
			continue
		}
		at++
		switch c {
		case csCallSubr, csCallGSubr:
			if err := f.call(c, depth); err != nil {
				return err
			}
			continue
		case csReturn:
			return nil
		}
		f.out = append(f.out, byte(c))
		f.last = -1
		switch c {
		case csEscape:
			f.out = append(f.out, b[at])
			at++
		case csHStem, csVStem, csHStemHM, csVStemHM:
			f.stems += f.operands / 2
		case csHintMask, csCntrMask:
			f.stems += f.operands / 2 // stems before it may leave their operator out
			mask := (f.stems + 7) / 8
			f.out = append(f.out, b[at:at+mask]...)
			at += mask
		case csEndChar:
			f.ended = true
		}
		f.operands = 0
	}
	return nil
}

// call copies the subroutine whose number is on top of the stack.
func (f *flattener) call(op, depth int) error {
	if f.last < 0 {
		return fmt.Errorf("%w: a call without a number", errBroken)
	}
	from := f.local
	if op == csCallGSubr {
		from = f.global
	}
	bias := 32768
	switch {
	case from.len() < 1240:
		bias = 107
	case from.len() < 33900:
		bias = 1131
	}
	subroutine, err := from.item(f.value + bias)
	if err != nil {
		return err
	}
	f.out, f.last = f.out[:f.last], -1
	f.operands--
	return f.copy(subroutine, depth+1)
}

// operandSize returns how many bytes an operand has that begins so, 0 for an operator.
func operandSize(c int) int {
	switch {
	case c == 28:
		return 3
	case c < 32:
		return 0
	case c <= 246:
		return 1
	case c <= 254:
		return 2
	}
	return 5
}

func operand(b []byte) int {
	switch c := int(b[0]); {
	case c == 28:
		return int(int16(binary.BigEndian.Uint16(b[1:])))
	case c <= 246:
		return c - 139
	case c <= 250:
		return (c-247)*256 + int(b[1]) + 108
	case c <= 254:
		return -(c-251)*256 - int(b[1]) - 108
	}
	return int(int32(binary.BigEndian.Uint32(b[1:]))) >> 16
}
