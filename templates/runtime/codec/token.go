package codec

// token is a scanned scalar.
type token struct {
	kind byte   // '"', '0' for a number, 't', 'f'; 'n' for null; 0 for an object or array
	text string // of a number as it stands, of a string without quotes and escapes
	// lossy is set if text does not represent the string exactly; see stringText.
	lossy bool
}

// token reads the scalar at the cursor. It does not move for an object or array.
func (d *decoder) token() (token, error) {
	switch d.ws() {
	case '"':
		text, lossy, err := d.str()
		return token{'"', text, lossy}, err
	case 't':
		return token{kind: 't'}, d.literal("true")
	case 'f':
		return token{kind: 'f'}, d.literal("false")
	case 'n':
		return token{kind: 'n'}, d.literal("null")
	case '{', '[':
		return token{}, nil
	}
	text, err := d.number()
	return token{kind: '0', text: text}, err
}

// tokenOf reads a scalar from JSON text; invalid text gives a token without a kind.
func tokenOf(text string) token {
	d := decoder{text: text + padding, end: len(text)}
	tok, err := d.token()
	if err != nil {
		return token{}
	}
	return tok
}
