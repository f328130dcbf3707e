package simulator

import "time"

// Timing says how long things take. What is 0 happens at once, and limits that are 0 do not
// exist.
type Timing struct {
	Connect time.Duration // from the request, or the answer, until a call is established
	Ring    time.Duration // until it rings, for those who do not answer at once
	Answer  time.Duration // of those who ring before they answer or decline
	Media   time.Duration // until the media of an established call are active
	Prompt  time.Duration // of one prompt
	Silence time.Duration // after which a recording ends
	Action  time.Duration // of another operation
	Lookup  time.Duration // how long after its end a call's operations can be fetched

	Retry time.Duration // before a refused notification is posted again; longer each time
	Post  time.Duration // the limit for the answer to a notification

	Unanswered time.Duration // the limit for the answer to an incoming call
	KeepAlive  time.Duration // the limit for a call that is not kept alive
	NoAnswer   time.Duration // the limit for those who let it ring, unless the call says it
	Lobby      time.Duration // the limit for waiting in the lobby
}

// Quick is the default: things take milliseconds, and limits are those of the service.
func Quick() Timing {
	const ms = time.Millisecond
	return Timing{
		Connect: 10 * ms, Ring: 5 * ms, Answer: 10 * ms, Media: 2 * ms, Prompt: 10 * ms, Silence: 20 * ms, Action: 2 * ms,
		Retry: 50 * ms, Post: 10 * time.Second,
		Unanswered: 15 * time.Second, KeepAlive: 45 * time.Minute, NoAnswer: time.Minute, Lobby: 30 * time.Minute,
	}
}

// Lifelike lets things take as long as they do with people.
func Lifelike() Timing {
	const s = time.Second
	t := Quick()
	t.Connect, t.Ring, t.Answer, t.Media, t.Prompt, t.Silence, t.Action = s, 2*s, 5*s, s/2, 3*s, 4*s, s/5
	t.Retry = s
	return t
}

// ScaledLimits multiplies the limits of the service, for processes that cannot wait for them.
func (t Timing) ScaledLimits(factor float64) Timing {
	for _, d := range []*time.Duration{&t.Unanswered, &t.KeepAlive, &t.NoAnswer, &t.Lobby} {
		*d = time.Duration(float64(*d) * factor)
	}
	return t
}
