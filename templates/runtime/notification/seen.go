package notification

import (
	"crypto/sha256"
	"io"
	"sync"
)

// identity returns what a notification has in common with its repetitions. It reports false if
// nothing tells them from other notifications: two changes of a resource look alike otherwise.
func (e *ChangeEvent) identity() (key [sha256.Size]byte, ok bool) {
	hash := sha256.New()
	part := func(text string) {
		_, _ = io.WriteString(hash, text) // never fails
		_, _ = hash.Write([]byte{0})
	}
	part(e.SubscriptionID)
	sealed := e.wire.EncryptedContent
	switch {
	case sealed != nil:
		part(changeText(sealed.DataKey))
		part(changeText(sealed.DataSignature))
		part(changeText(sealed.Data))
		part(e.ChangeType)
	case changeText(e.wire.ID) != "":
		part(changeText(e.wire.ID))
		part(string(e.Notification))
	default:
		return key, false
	}
	return [sha256.Size]byte(hash.Sum(nil)), true
}

// changeMemory remembers notifications that were delivered, the latest ones.
type changeMemory struct {
	most int

	mu    sync.Mutex
	known map[[sha256.Size]byte]bool
	order [][sha256.Size]byte // a ring once it is full
	next  int
}

func (m *changeMemory) has(key [sha256.Size]byte) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.known[key]
}

func (m *changeMemory) add(key [sha256.Size]byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = make(map[[sha256.Size]byte]bool)
	}
	if len(m.order) < m.most {
		m.order = append(m.order, key)
	} else {
		delete(m.known, m.order[m.next])
		m.order[m.next] = key
		m.next = (m.next + 1) % m.most
	}
	m.known[key] = true
}
