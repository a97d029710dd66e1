package child

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"terrace/indexer/attach"
	"terrace/indexer/attach/plain"
)

// A frame is the length of its head in four bytes, the head in JSON, and as many bytes of body as the head says.

const (
	maxHead    = 4 << 20 // bytes; a hundred names of files that were skipped in an archive fit
	maxMessage = 500     // characters of an error's message
)

// errNoAnswer is wrapped where a child says what is no answer.
var errNoAnswer = errors.New("not an answer")

type request struct {
	Number int
	Name   string
	Size   int           // of the body, the file
	Memory int64         // that the child may take
	Time   time.Duration // after which it gives what it has read
}

type response struct {
	Number      int // of the request
	attach.Text     // without its Body
	Size        int // of the body, the text
	Failed      bool
	Message     string
	Is          []string // keys of causes
}

// An answer is what a reader has returned.
type answer struct {
	text attach.Text
	err  error
}

// causes are the errors that keep their identity between processes.
func causes() map[string]error {
	return map[string]error{"broken": plain.ErrBroken, "encrypted": plain.ErrEncrypted, "unsupported": plain.ErrUnsupported, "limit": plain.ErrLimit}
}

// A readerError is an error of a reader in another process.
type readerError struct {
	message string
	causes  []error
}

func (e *readerError) Error() string   { return e.message }
func (e *readerError) Unwrap() []error { return e.causes }

func writeFrame(w io.Writer, head any, body []byte) error {
	b, err := json.Marshal(head)
	if err != nil {
		return err
	}
	if _, err := w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...)); err != nil {
		return err
	}
	_, err = w.Write(body)
	return err
}

func readHead(r io.Reader, head any) error {
	var size uint32
	if err := binary.Read(r, binary.BigEndian, &size); err != nil {
		return err
	}
	if size > maxHead {
		return fmt.Errorf("%w: a head of %d bytes", errNoAnswer, size)
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(r, b); err != nil {
		return err
	}
	if err := json.Unmarshal(b, head); err != nil {
		return fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	return nil
}

func writeRequest(w io.Writer, q request, data []byte) error {
	q.Size = len(data)
	return writeFrame(w, q, data)
}

// readRequest returns io.EOF where no other comes.
func readRequest(r io.Reader) (q request, data []byte, err error) {
	if err := readHead(r, &q); err != nil {
		return q, nil, err
	}
	data = make([]byte, q.Size)
	_, err = io.ReadFull(r, data)
	return q, data, err
}

func writeAnswer(w io.Writer, number int, text attach.Text, err error) error {
	res, body := response{Number: number, Text: text, Size: len(text.Body)}, text.Body
	res.Body = ""
	if err != nil {
		res.Failed, res.Message = true, err.Error()
		for key, cause := range causes() {
			if errors.Is(err, cause) {
				res.Is = append(res.Is, key)
			}
		}
	}
	return writeFrame(w, res, []byte(body))
}

// readAnswer reads the answer to the request of a number. It trusts nothing that it reads.
func readAnswer(r io.Reader, number int) (answer, error) {
	var res response
	if err := readHead(r, &res); err != nil {
		return answer{}, fmt.Errorf("head of answer: %w", err)
	}
	if res.Number != number {
		return answer{}, fmt.Errorf("%w: its number is %d, not %d", errNoAnswer, res.Number, number)
	}
	if res.Size < 0 || res.Size > attach.MaxText {
		return answer{}, fmt.Errorf("%w: a text of %d bytes", errNoAnswer, res.Size)
	}
	body := make([]byte, res.Size)
	if _, err := io.ReadFull(r, body); err != nil {
		return answer{}, fmt.Errorf("text of answer: %w", err)
	}
	if !utf8.Valid(body) {
		return answer{}, fmt.Errorf("%w: a text that is not UTF-8", errNoAnswer)
	}
	a := answer{text: res.Text}
	if a.text.Body = string(body); !res.Failed {
		return a, nil
	}
	e := &readerError{message: fmt.Sprintf("%.*s", maxMessage, res.Message)}
	for _, key := range res.Is {
		if cause := causes()[key]; cause != nil {
			e.causes = append(e.causes, cause)
		}
	}
	a.err = e
	return a, nil
}
