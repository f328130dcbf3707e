package tasks

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/callgen/callgen/examples/graph/graph"
)

// SmallFile writes a file by its path and returns its id.
func SmallFile(ctx context.Context, client *graph.Client, drive string) (string, error) {
	item, err := client.Drives().ByID(drive).Root().ByPath("Reports/May 2026.txt").SetContent(ctx, "text/plain", strings.NewReader("all is well"))
	if err != nil {
		return "", err
	}
	return item.ID, nil
}

// LargeFile uploads a file in slices, and keeps the URL of the session for another process.
func LargeFile(ctx context.Context, client *graph.Client, drive string, file *os.File, keep func(url string)) (*graph.DriveItem, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	session, err := client.Drives().ByID(drive).Root().ByPath("Videos/talk.mp4").CreateUploadSession(ctx, graph.DriveItemCreateUploadSessionParameters{})
	if err != nil {
		return nil, err
	}
	keep(*session.UploadURL)
	upload := graph.Upload[*graph.DriveItem]{
		URL: *session.UploadURL, Content: file, Size: info.Size(),
		Progress: func(received int64) { fmt.Printf("%d%%\n", 100*received/info.Size()) },
	}
	return upload.Send(ctx, client)
}

// ResumeLargeFile goes on with an upload that another process began.
func ResumeLargeFile(ctx context.Context, client *graph.Client, url string, file io.ReaderAt, size int64) (*graph.DriveItem, error) {
	upload := graph.Upload[*graph.DriveItem]{URL: url, Content: file, Size: size}
	return upload.Resume(ctx, client)
}

// Download reads a file into another one, from where an earlier download stopped.
func Download(ctx context.Context, client *graph.Client, drive, item, etag string, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	content, err := client.Drives().ByID(drive).Items().ByID(item).Content(ctx, graph.ContinueFrom(info.Size(), etag))
	if err != nil {
		return err
	}
	defer content.Close()
	_, err = io.Copy(io.NewOffsetWriter(file, content.Offset), content)
	return err
}

// CopyFile copies a file, which the service does later, and returns the copy.
func CopyFile(ctx context.Context, client *graph.Client, drive, item, folder string) (*graph.DriveItem, error) {
	items := client.Drives().ByID(drive).Items()
	_, err := items.ByID(item).Copy(ctx, graph.DriveItemCopyParameters{
		ParentReference: &graph.ItemReference{DriveID: &drive, ID: &folder}, Name: new("copy.txt"),
	})
	copied, err := graph.Await[graph.OperationProgress](ctx, client, err)
	if err != nil {
		return nil, err
	}
	return items.ByID(copied.ResourceID).Get(ctx)
}

// ChangedFiles prints what has changed in a drive since a link that was stored, or all of its files
// if that is "", and returns the next link.
func ChangedFiles(ctx context.Context, client *graph.Client, drive, stored string) (string, error) {
	changes := client.Drives().ByID(drive).Root().Delta().Since(stored)
	for change, err := range changes.All(ctx) {
		switch {
		case err != nil:
			return "", err
		case change.Value.Deleted != nil:
			fmt.Println(change.Value.ID, "is gone")
		default:
			fmt.Println(change.Value.ID, "is", *change.Value.Name)
		}
	}
	return changes.Link(), nil
}

// Spreadsheet prints a range of a workbook and writes another one, in a session.
func Spreadsheet(ctx context.Context, client *graph.Client, drive, item string) error {
	workbook := client.Drives().ByID(drive).Items().ByID(item).Workbook()
	session, err := workbook.CreateSession(ctx, graph.WorkbookCreateSessionParameters{PersistChanges: new(true)})
	if err != nil {
		return err
	}
	inSession := graph.Header("workbook-session-id", *session.ID)
	sheet := workbook.Worksheets().ByID("Sheet1")
	read, err := sheet.Range(ctx, graph.WorkbookWorksheetRangeParameters{Address: new("A1:B2")}, inSession)
	if err != nil {
		return err
	}
	var rows [][]any
	if err := read.Values.Decode(&rows); err != nil {
		return err
	}
	for _, row := range rows {
		fmt.Println(row...)
	}
	sum, err := json.Marshal([][]any{{"Sum", "=SUM(B1:B2)"}})
	if err != nil {
		return err
	}
	below := sheet.RangeResource(graph.WorkbookWorksheetRangeParameters{Address: new("A3:B3")})
	if _, err := below.Update(ctx, &graph.WorkbookRange{Values: sum}, inSession); err != nil {
		return err
	}
	return workbook.CloseSession(ctx, inSession)
}
