package redfish

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"

	"github.com/callgen/callgen/templates/runtime/client"
)

// PushUpdate uploads an image of firmware (DSP0266, "Multipart HTTP push updates"). Link is the
// property MultipartHttpPushUri of the UpdateService, name the name of the file. Parameters is
// what JSON encodes as an object, such as map[string]any{"Targets": []string{…}}; nil without
// any. Controllers answer with a task: see [ControllerAnswer.Wait].
//
// The image is read as it is sent. If it can seek, as a file can, it is sent again when the
// session has ended or the controller is busy.
func PushUpdate(
	ctx context.Context, c *client.Client, link string, parameters any, name string, image io.Reader, opts ...client.RequestOption,
) (*ControllerAnswer, error) {
	if link == "" {
		return nil, errors.New("the controller has no MultipartHttpPushUri: let it fetch the image with the action SimpleUpdate")
	}
	if image == nil {
		return nil, errors.New("there is no image to send: pass a reader")
	}
	content, contentType, err := updateForm(parameters, name, image)
	if err != nil {
		return nil, err
	}
	response, data, err := client.PostAt(ctx, c, link, contentType, content, opts)
	if err != nil {
		return nil, err
	}
	return answered(c, response, data), nil
}

// updateForm returns the form that an image is uploaded with.
func updateForm(parameters any, name string, image io.Reader) (io.Reader, string, error) {
	if parameters == nil {
		parameters = struct{}{}
	}
	encoded, err := json.Marshal(parameters)
	if err != nil {
		return nil, "", fmt.Errorf("the parameters of the update cannot be encoded: %w", err)
	}
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="UpdateParameters"`}, "Content-Type": {"application/json"},
	})
	if err == nil {
		_, err = part.Write(encoded)
	}
	if err == nil {
		_, err = form.CreateFormFile("UpdateFile", name)
	}
	if err != nil {
		return nil, "", err
	}
	tail := []byte("\r\n--" + form.Boundary() + "--\r\n")
	around := &around{head: head.Bytes(), image: image, tail: tail}
	seeker, ok := image.(io.Seeker)
	if !ok {
		return io.MultiReader(bytes.NewReader(around.head), image, bytes.NewReader(tail)), form.FormDataContentType(), nil
	}
	if around.start, err = seeker.Seek(0, io.SeekCurrent); err != nil { // a pipe
		return io.MultiReader(bytes.NewReader(around.head), image, bytes.NewReader(tail)), form.FormDataContentType(), nil
	}
	end, err := seeker.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, "", err
	}
	around.seeker, around.length = seeker, end-around.start
	_, err = around.Seek(0, io.SeekStart)
	return around, form.FormDataContentType(), err
}

// around is an image that can seek, with what is before and after it in a form.
type around struct {
	head, tail    []byte
	image         io.Reader
	seeker        io.Seeker
	start, length int64 // of the image
	at            int64
}

func (a *around) size() int64 { return int64(len(a.head)) + a.length + int64(len(a.tail)) }

// Seek implements [io.Seeker].
func (a *around) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += a.at
	case io.SeekEnd:
		offset += a.size()
	}
	if offset < 0 {
		return 0, errors.New("seeking before the beginning")
	}
	within := min(max(offset-int64(len(a.head)), 0), a.length)
	if _, err := a.seeker.Seek(a.start+within, io.SeekStart); err != nil {
		return 0, err
	}
	a.at = offset
	return offset, nil
}

// Read implements [io.Reader].
func (a *around) Read(p []byte) (n int, err error) {
	before, image := int64(len(a.head)), int64(len(a.head))+a.length
	switch {
	case a.at < before:
		n = copy(p, a.head[a.at:])
	case a.at < image:
		n, err = a.image.Read(p[:min(int64(len(p)), image-a.at)])
		if err == io.EOF {
			if n == 0 {
				return 0, io.ErrUnexpectedEOF // it has become shorter
			}
			err = nil
		}
	case a.at < a.size():
		n = copy(p, a.tail[a.at-image:])
	default:
		return 0, io.EOF
	}
	a.at += int64(n)
	return n, err
}
