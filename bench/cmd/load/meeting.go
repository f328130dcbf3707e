package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	graph "github.com/callgen/callgen/generated/communications"
)

const resource = "/communications/calls/421f4c00-4436-4c3a-9d9a-c4924cf98e67/participants"

// meeting is a meeting whose roster changes.
type meeting struct {
	about         string
	whole         bool // each notification shows everybody
	notifications int
	rounds        int // how often the same notifications are posted, to an empty roster each time
}

// bodies returns the notifications, and the participants at the end, by id.
func (m meeting) bodies() ([][]byte, map[string]*graph.Participant, error) {
	random := rand.New(rand.NewPCG(1, 2))
	here, left := make(map[string]*graph.Participant), make(map[string]*graph.Participant)
	var bodies [][]byte
	for n := range int64(m.notifications) {
		changed := make(map[string]*graph.Participant)
		for range 1 + random.IntN(3) {
			i := random.IntN(people)
			if int(n) < people {
				i = int(n) // in order
			}
			p := participant(i, n+1)
			if _, ok := here[p.ID]; ok && random.IntN(10) == 0 && changed[p.ID] == nil {
				p.RemovedState = &graph.RemovedState{Reason: new("Left")}
				delete(here, p.ID)
				left[p.ID] = p
			} else if changed[p.ID] == nil {
				p.IsMuted = new(random.IntN(2) == 0)
				here[p.ID] = p
				delete(left, p.ID)
			} else {
				continue
			}
			changed[p.ID] = p
		}
		if m.whole {
			maps.Copy(changed, here)
			maps.Copy(changed, left)
		}
		body, err := notification(n+1, changed)
		if err != nil {
			return nil, nil, err
		}
		bodies = append(bodies, body)
	}
	return bodies, here, nil
}

func participant(i int, number int64) *graph.Participant {
	id := fmt.Sprintf("0d7664b6-6432-43ed-8d27-%012d", i)
	return &graph.Participant{
		Entity: graph.Entity{ID: id}, IsInLobby: new(false), RosterSequenceNumber: &number,
		Info: &graph.ParticipantInfo{LanguageID: new("en-US"), Identity: &graph.IdentitySet{
			User: &graph.Identity{ID: new("112f7296-5fa4-42ca-bae8-6a692b15d4b8"), DisplayName: new(fmt.Sprint("Participant ", i))},
		}},
		MediaStreams: []*graph.MediaStream{{MediaType: graph.ModalityAudio, SourceID: new(fmt.Sprint(i)), ServerMuted: new(false)}},
	}
}

func notification(number int64, changed map[string]*graph.Participant) ([]byte, error) {
	delta := &graph.DeltaParticipants{SequenceNumber: &number}
	for _, id := range slices.Sorted(maps.Keys(changed)) {
		delta.Participants = append(delta.Participants, changed[id])
	}
	return graph.Marshal(&graph.CommsNotifications{Value: []*graph.CommsNotification{{
		ChangeType: graph.ChangeTypeUpdated, ResourceURL: new(resource), ResourceData: graph.Many[graph.AnyEntity](delta),
	}}})
}

// disorder returns the order in which notifications are posted: about one of eight twice,
// and each up to 400 places from its own.
func disorder(n int) []int {
	random := rand.New(rand.NewPCG(3, 4))
	var order []int
	for i := range n {
		order = append(order, i)
		if random.IntN(8) == 0 {
			order = append(order, i)
		}
	}
	for i := range order {
		j := min(len(order)-1, i+random.IntN(400))
		order[i], order[j] = order[j], order[i]
	}
	return order
}
