package workstation

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"iter"
	"strings"
)

// isExample says whether a key is one of those that AWS prints in its documentation: they open nothing, and almost all
// end alike.
func isExample(key string) bool {
	return strings.HasSuffix(key, "EXAMPLE") || strings.HasSuffix(key, "EXAMPLEKEY") ||
		sha256.Sum256([]byte(key)) == firstExample()
}

// firstExample is the secret of the first guides to S3, of 2006, which many tests of signatures have. It is kept as its
// SHA-256, so that no scanner finds it here.
func firstExample() [sha256.Size]byte {
	return [sha256.Size]byte{
		0x0e, 0x8a, 0xd9, 0x5d, 0x75, 0xd7, 0x11, 0x61, 0xd9, 0xeb, 0x89, 0x29, 0xc4, 0x80, 0x30, 0xc8,
		0x57, 0xb8, 0x77, 0x4d, 0x98, 0x12, 0xbb, 0x1a, 0x58, 0x98, 0xea, 0x81, 0x64, 0x3e, 0x41, 0x5b,
	}
}

// The bounds between what was drawn by lot and what a person wrote. Each lets pass fewer than one key in a thousand:
// TestRandomKeysAreKeys draws them.
const (
	// An id has 16 characters of 32 after its prefix: some 13 different ones, 1.7 pairs of an English word, and 2 steps
	// to the next letter of the alphabet or the keyboard.
	minDistinctID    = 7
	maxStepsID       = 8
	maxPairsID       = 8
	maxDigitsOfWord  = 2
	maxPairsOfLetter = 6 // without any digit
	// A secret has 40 characters of 64: some 25 changes between large letters, small ones and digits, and 4 pairs of an
	// English word.
	minDistinctSecret = 15
	minChanges        = 10
	maxPairsSecret    = 17
	maxPairsPlain     = 19 // where digits stand for letters
	maxStepsSecret    = 31
	maxStrides        = 16 // of two to four characters: A1b2C3 goes on by two
	maxStride         = 4
	// Of the characters beside an id in one word with it, this share changes between the classes in base 64. In a
	// path or a name of several words it is some 15 in 100.
	base64Changes    = 35 // in 100
	minBase64Beside  = 8
	base64Alphabet   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	keyboardAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567 QWERTYUIOP ASDFGHJKL ZXCVBNM 01234567890"
)

// englishPairs are the most frequent pairs of letters in English text and in the words of this field: eight or nine in
// ten pairs of a word are among them, and one in six of two letters drawn by lot.
const englishPairs = " TH HE IN ER AN RE ND AT ON NT HA ES ST EN ED TO IT OU EA HI IS OR TI AS TE ET NG OF AL DE SE " +
	"LE SA SI AR VE RA LD UR NE ME RO CO MA IC LA EL LI IO CE CH LL BE RI DI US UT OM EC EE SS TA NO WI PE HO AC WA UN " +
	"LO IL SO RS GE WE TR AI EY IM WH FO OW UL SH AV EM PL AM AP CT EX PA CA OO FI FR YO KE CK CC MP PR AD AB ID IR UE " +
	"RT VI CI EP "

// isPlaceholderID says whether an id was written by a person: words, a row of letters, one letter again and again.
func isPlaceholderID(id string) bool {
	body := id[4:]
	digits := 0
	for _, c := range []byte(body) {
		if class(c) == digitClass {
			digits++
		}
	}
	return distinct(body) < minDistinctID || steps(body, 1) > maxStepsID || hasPlaceholderWord(body) ||
		digits <= maxDigitsOfWord && pairs(body) > maxPairsID || digits == 0 && pairs(body) > maxPairsOfLetter
}

// placeholderWords are in the keys that people make up, in capitals; the last is of AWS's own example. One of four
// letters is in one key of 80,000.
const placeholderWords = "FAKE TEST DUMMY SAMPLE ACCESS SECRET HOLDER CHANGEME REDACT INVALID MOCK TODO YOUR PASTE " +
	"INSERT REPLACE NOTA KEYID XXXX DEMO EXAMPLEKEY BEISPIEL SCHLUESSEL EJEMPLO ESEMPIO CLAVE KLUCZ IOSFODNN7"

func hasPlaceholderWord(text string) bool {
	for word := range strings.FieldsSeq(placeholderWords) {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// plainDigits turns the digits that people write in the place of letters into these.
var plainDigits = strings.NewReplacer("0", "O", "1", "I", "3", "E", "4", "A", "5", "S", "7", "T")

// looksRandom leaves out what is as long as a secret and none: the hash of a commit, which stands in every workflow
// that pins an action, a path, a long name, a row of letters.
func looksRandom(text string) bool {
	hex := true
	for _, c := range []byte(text) {
		hex = hex && ('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F')
	}
	upperText := strings.ToUpper(text)
	words := plainDigits.Replace(upperText)
	isRow := more(steps(upperText, 1), maxStepsSecret, text)
	for stride := 2; stride <= maxStride; stride++ {
		isRow = isRow || more(steps(upperText, stride), maxStrides, text)
	}
	return hasAllClasses(text) && !hex && distinct(text) >= minDistinctSecret && changes(text) >= minChanges &&
		!isRow && !hasPlaceholderWord(upperText) && !hasPlaceholderWord(words) &&
		!more(pairs(upperText), maxPairsSecret, text) && !more(pairs(words), maxPairsPlain, text)
}

// more says whether a count is beyond a bound, which is that of a text as long as a secret.
func more(count, bound int, text string) bool {
	return count*secretLength > bound*max(len(text), secretLength)
}

// insideBase64 says whether an id is a part of a longer text in base 64, such as a picture or a signature: what stands
// beside it, without a space or a quote between them, was drawn by lot too.
func insideBase64(line []byte, from, to int) bool {
	start, end := from, to
	for start > 0 && isBase64(line[start-1]) {
		start--
	}
	for end < len(line) && isBase64(line[end]) {
		end++
	}
	beside := string(line[start:from]) + string(line[to:end])
	return len(beside) >= minBase64Beside && hasAllClasses(beside) && changes(beside)*100 >= base64Changes*len(beside)
}

// base64Chars are the characters of base 64: those of the usual alphabet, and those of the one for addresses.
var base64Chars = func() (chars [256]base64Char) {
	for _, c := range []byte(base64Alphabet) {
		chars[c] = plainBase64
	}
	chars['-'], chars['_'] = addressBase64, addressBase64
	return chars
}()

type base64Char byte

const (
	noBase64 base64Char = iota
	plainBase64
	addressBase64
)

func isBase64(c byte) bool { return base64Chars[c] != noBase64 }

type charClass int

const (
	otherClass charClass = iota
	upperClass
	lowerClass
	digitClass
)

func class(c byte) charClass {
	switch {
	case 'A' <= c && c <= 'Z':
		return upperClass
	case 'a' <= c && c <= 'z':
		return lowerClass
	case '0' <= c && c <= '9':
		return digitClass
	}
	return otherClass
}

func hasAllClasses(text string) bool {
	var seen [digitClass + 1]bool
	for _, c := range []byte(text) {
		seen[class(c)] = true
	}
	return seen[upperClass] && seen[lowerClass] && seen[digitClass]
}

// changes is how often a text goes from one class of characters to another. A slash changes nothing: paths have many.
func changes(text string) int {
	n, last := 0, otherClass
	for _, c := range []byte(text) {
		switch now := class(c); {
		case now == otherClass:
		case last == otherClass:
			last = now
		case now != last:
			n++
			last = now
		}
	}
	return n
}

func distinct(text string) int {
	var seen [256]bool
	n := 0
	for _, c := range []byte(text) {
		if !seen[c] {
			seen[c] = true
			n++
		}
	}
	return n
}

// pairs is how many pairs of neighbours in a text of capitals are of English words.
func pairs(text string) int {
	n := 0
	for i := range len(text) - 1 {
		if strings.Contains(englishPairs, " "+text[i:i+2]+" ") {
			n++
		}
	}
	return n
}

// steps is how often the character so many further on is the same, or the neighbour in the alphabet or on the keyboard.
func steps(text string, stride int) int {
	n := 0
	for i := range len(text) - stride {
		a, b := text[i], text[i+stride]
		if a == b || strings.Contains(keyboardAlphabet, string([]byte{a, b})) ||
			strings.Contains(keyboardAlphabet, string([]byte{b, a})) {
			n++
		}
	}
	return n
}

// base64Run is a text in base 64, without its line breaks and padding.
type base64Run struct {
	text  []byte
	start int // in the text around it
}

const (
	// minBase64 is the shortest text that is decoded: that of a key id, which is 20 bytes.
	minBase64 = 27
	// minBase64Line is the shortest line after which a text in base 64 goes on in the next: programs break it after 60,
	// 64 or 76 characters.
	minBase64Line = 40
)

// base64Runs are the texts in base 64 within a text.
func base64Runs(text []byte) iter.Seq[base64Run] {
	return func(yield func(base64Run) bool) {
		for i := 0; i < len(text); {
			if !isBase64(text[i]) {
				i++
				continue
			}
			run := base64Run{start: i}
			for {
				from := i
				for i < len(text) && isBase64(text[i]) {
					i++
				}
				if run.text == nil {
					run.text = text[from:i:i] // most are one line
				} else {
					run.text = append(run.text, text[from:i]...)
				}
				if i-from < minBase64Line {
					break
				}
				next := nextLine(text, i)
				if next < 0 {
					break
				}
				i = next
			}
			if len(run.text) >= minBase64 && !yield(run) {
				return
			}
		}
	}
}

// nextLine is where a text in base 64 goes on after a line break and the white space of an indented block; -1 if it
// does not.
func nextLine(text []byte, end int) int {
	rest := text[end:]
	trimmed := bytes.TrimLeft(rest, "\r")
	if len(trimmed) == 0 || trimmed[0] != '\n' {
		return -1
	}
	trimmed = bytes.TrimLeft(trimmed[1:], " \t")
	if len(trimmed) == 0 || !isBase64(trimmed[0]) {
		return -1
	}
	return len(text) - len(trimmed)
}

// decode decodes base 64 of either alphabet as far as it goes.
func decode(text []byte) []byte {
	text = bytes.Clone(text)
	for i, c := range text {
		switch c {
		case '-':
			text[i] = '+'
		case '_':
			text[i] = '/'
		}
	}
	if len(text)%4 == 1 {
		text = text[:len(text)-1]
	}
	plain := make([]byte, base64.RawStdEncoding.DecodedLen(len(text)))
	n, _ := base64.RawStdEncoding.Decode(plain, text) // every character is of the alphabet
	return plain[:n]
}
