package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

//go:embed library.csdl.xml
var metadata []byte

// service is a small OData service: it has pages of two books, and knows no $filter.
type service struct {
	mu    sync.Mutex
	books []map[string]any
}

func newService() *service {
	s := new(service)
	for _, b := range [][4]string{
		{"The Voyage Out", "Novel", "9.50", "Virginia Woolf"},
		{"The Waste Land", "Poetry", "4.00", "T. S. Eliot"},
		{"In Patagonia", "Travel", "12.25", "Bruce Chatwin"},
		{"Orlando", "Novel", "8.00", "Virginia Woolf"},
	} {
		s.books = append(s.books, map[string]any{
			"No": len(s.books), "Title": b[0], "Genre": b[1], "Price": json.Number(b[2]), "Due": nil, "Author": map[string]any{"Name": b[3]},
		})
	}
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var no int
	path := r.URL.Path
	switch request := r.Method + " " + path; {
	case request == "GET /$metadata":
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write(metadata)
	case request == "GET /Books":
		s.page(w, r)
	case request == "POST /Books":
		s.create(w, r)
	case scan(path, "/Books(%d)", &no) && no < len(s.books) && r.Method == http.MethodGet:
		answer(w, http.StatusOK, s.books[no])
	case scan(path, "/Books(%d)/Library.Lend", &no) && no < len(s.books) && r.Method == http.MethodPost:
		s.lend(w, r, s.books[no])
	default:
		refuse(w, http.StatusNotFound, "there is no "+path)
	}
}

// scan reports whether the path is the pattern with a number in it.
func scan(path, pattern string, no *int) bool {
	n, err := fmt.Sscanf(path, pattern, no)
	return n == 1 && err == nil && path == fmt.Sprintf(pattern, *no) && *no >= 0
}

func (s *service) page(w http.ResponseWriter, r *http.Request) {
	from := 0
	_, _ = fmt.Sscan(r.URL.Query().Get("$skiptoken"), &from)
	from = min(max(from, 0), len(s.books))
	to := min(from+2, len(s.books))
	page := map[string]any{"@odata.context": "$metadata#Books", "value": s.books[from:to]}
	if to < len(s.books) {
		page["@odata.nextLink"] = fmt.Sprintf("Books?$skiptoken=%d", to) // relative to the service
	}
	answer(w, http.StatusOK, page)
}

func (s *service) create(w http.ResponseWriter, r *http.Request) {
	book := map[string]any{}
	if err := json.NewDecoder(r.Body).Decode(&book); err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	book["No"] = len(s.books)
	s.books = append(s.books, book)
	answer(w, http.StatusCreated, book)
}

func (s *service) lend(w http.ResponseWriter, r *http.Request, book map[string]any) {
	var body struct{ Days int }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	if book["Due"] != nil {
		refuse(w, http.StatusConflict, fmt.Sprintf("%s is lent until %s", book["Title"], book["Due"]))
		return
	}
	book["Due"] = time.Date(2026, time.January, 1+body.Days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	answer(w, http.StatusOK, book)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("OData-Version", "4.0")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func refuse(w http.ResponseWriter, status int, message string) {
	code := strings.ReplaceAll(http.StatusText(status), " ", "")
	answer(w, status, map[string]any{"error": map[string]string{"code": code, "message": message}})
}
