// Command odata uses a client that was generated from the $metadata of an OData service. The
// service is part of the program.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/callgen/callgen/examples/odata/library"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(http.Serve(listener, newService())) }()
	if err := run(context.Background(), "http://"+listener.Addr().String(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// run reads, creates and lends books of the service at url.
func run(ctx context.Context, url string, out io.Writer) error {
	client := library.NewClient(nil, library.WithBaseURL(url)) // nil: the service wants no token

	for book, err := range client.Books().All(ctx) { // page after page
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%d: %s by %s, %s, %s €\n", *book.No, *book.Title, book.Author.Name, book.Genre, *book.Price)
	}

	created, err := client.Books().Create(ctx, &library.Book{
		Title: new("To the Lighthouse"), Genre: library.GenreNovel, Price: new(library.Decimal("9.90")), Author: &library.Author{Name: "Virginia Woolf"},
	})
	if err != nil {
		return err
	}
	lend := library.BookLendParameters{Days: new(int32(14))}
	lent, err := client.Books().ByNo(*created.No).Lend(ctx, lend)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s is due on %s\n", *lent.Title, lent.Due)

	_, err = client.Books().ByNo(*created.No).Lend(ctx, lend)
	if !library.IsConflict(err) {
		return fmt.Errorf("lent twice: %w", err)
	}
	fmt.Fprintln(out, err)
	return nil
}
