package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/callgen/callgen/examples/redfish/redfish"
)

// update installs firmware, and prints how far the controller is.
func update(ctx context.Context, client *redfish.Client, image string, out io.Writer) error {
	root, err := redfish.ReadServiceRoot(ctx, client)
	if err != nil {
		return err
	}
	service, err := redfish.FollowLink(ctx, client, root.UpdateService)
	if err != nil {
		return err
	}
	answer, err := begin(ctx, client, service, image)
	if err != nil {
		return err
	}
	answer, err = answer.Wait(ctx, func(p redfish.TaskProgress) {
		if p.Percent != nil {
			fmt.Fprintf(out, "%s: %d %%\n", p.State, *p.Percent)
		}
	})
	for _, m := range redfish.MessagesOf(err) {
		err = errors.Join(err, fmt.Errorf("%s (%s)", m.Text, m.Key()))
	}
	if err != nil {
		return err
	}
	for _, m := range answer.Messages {
		fmt.Fprintln(out, m.Text)
	}
	return nil
}

// begin begins an update, from a URL that the controller reads, or with a file.
func begin(ctx context.Context, client *redfish.Client, service *redfish.UpdateService, image string) (*redfish.ControllerAnswer, error) {
	if strings.Contains(image, "://") {
		return service.Actions.SimpleUpdate(ctx, client, redfish.UpdateServiceActionsSimpleUpdateParameters{ImageURI: new(image)})
	}
	file, err := os.Open(image)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if service.MultipartHTTPPushURI == nil {
		return nil, errors.New("the controller takes no files: pass a URL that it can read")
	}
	return redfish.PushUpdate(ctx, client, *service.MultipartHTTPPushURI, nil, filepath.Base(image), file)
}
